import { App } from 'aws-cdk-lib';

/**
 * An app that takes a second to synthesise, and not six: its functions are not bundled, and CloudFormation's own rules, which
 * only warn, are not loaded. `npm run synth` does both.
 */
export function quickApp(context: Readonly<Record<string, unknown>> = {}, outdir?: string): App {
  return new App({
    context: { ...context, 'aws:cdk:bundling-stacks': [] },
    builtinCloudFormationValidation: false,
    ...(outdir === undefined ? {} : { outdir }),
  });
}
