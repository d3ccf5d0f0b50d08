import type { Definition } from '../../local/engine-definition.ts';
import { synthesise } from '../../local/synthesis.ts';

const { definition, restore } = synthesise();

/** Ends, and what only a run in trouble comes to. */
const aside =
  /refused|failed|incomplete|Plan ready|planned|Already|Stop before|next check|missing|left as|refusal|failure|shortfall/;

/** The states that an undisturbed teardown or restore goes through, by what is left to restore when it is in them. */
export const statesOfTeardown = {
  all: named(definition),
  opening: ['Accept request', 'Inspect voice connector'],
  beforeThePurge: named(definition).filter(
    (name) => !/^(Accept|Inspect)|groups|Delete|deleted|are the numbers|completion/i.test(name),
  ),
  afterThePurge: named(definition).filter((name) => /groups|^Delete|are the numbers/i.test(name)),
  afterTheDelete: ['Close teardown (deleted)', 'Announce completion'],
  restore: named(restore.definition).filter((name) => name !== 'Connector restored'),
};

function named({ States }: Definition): string[] {
  return Object.entries(States)
    .flatMap(([name, state]) => [name, ...namesInside(state)])
    .filter((name) => !aside.test(name));
}

function namesInside(state: Readonly<Record<string, unknown>>): string[] {
  return Object.keys((state.ItemProcessor as { States?: object } | undefined)?.States ?? {});
}
