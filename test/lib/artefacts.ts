import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { Settings } from '../../lib/settings.ts';
import type { FaultPlan } from '../../local/chime/faults.ts';
import { type LocalChime, startLocalChime } from '../../local/chime/server.ts';
import { VirtualClock } from '../../local/clock.ts';
import { type ExecutionResult, startExecution } from '../../local/engine.ts';
import { invokeFunction } from '../../local/lambda-service.ts';
import { type LocalLedger, localCredentials, startLocalLedger } from '../../local/ledger.ts';
import { type LocalStates, startLocalStates } from '../../local/states.ts';
import { type DeployedFunction, type Synthesis, synthesise } from '../../local/synthesis.ts';
import { bundle } from './bundles.ts';
import { FunctionProcess } from './function-process.ts';

/** Nobody listens there: what is not told where to go by a variable of its own gets no answer. */
const nowhere = 'http://127.0.0.1:9';

/** The bundles of one API, built once. */
export interface Artefacts {
  readonly chimeApi: Settings['chimeApi'];
  readonly synthesis: Synthesis;
  readonly directory: string;
  remove(): Promise<void>;
}

/** Bundles every function of the stack into a directory of its own, outside of this project. */
export async function build(chimeApi: Settings['chimeApi']): Promise<Artefacts> {
  const synthesis = synthesise({ chimeApi });
  const directory = await mkdtemp(join(tmpdir(), 'teardown-bundles-'));
  const entries = [...synthesis.functions.values()].map(({ entry }) => entry);
  await bundle(chimeApi, entries, { outdir: directory });
  return { chimeApi, synthesis, directory, remove: () => rm(directory, { recursive: true }) };
}

/** The bundles at work: each in a process of its own, which knows the stand-ins by its environment only. */
export interface Deployment {
  readonly chime: LocalChime;
  readonly ledger: LocalLedger;
  /** Who knows which executions run. */
  readonly states: LocalStates;
  /** Plays the synthesised state machine with them. */
  play(input: unknown): Promise<ExecutionResult>;
  /** Calls one step's handler, e.g. of `DeleteVoiceConnector`. Throws its error. */
  invoke(step: string, event: unknown): Promise<unknown>;
  /** What all functions have logged. */
  logs(): string;
  close(): Promise<void>;
}

/**
 * @param environment changes the functions' variables, after those of the template
 */
export async function deploy(
  { chimeApi, synthesis, directory }: Artefacts,
  { faults = {}, environment = {} }: { faults?: FaultPlan; environment?: Record<string, string> } = {},
): Promise<Deployment> {
  // The functions' clock is the real one, so that of local Chime and of the waits starts where it is, and runs ahead.
  const clock = new VirtualClock(new Date());
  const now = () => clock.now().getTime();
  const pageLimit = chimeApi === 'chime' ? 99 : 100;
  const chime = await startLocalChime({ now, faults, pageLimit });
  const ledger = await startLocalLedger(synthesis.table);
  const states = await startLocalStates();
  const processes = new Map<string, FunctionProcess>();
  const processOf = ({ step, entry, environment: ofTemplate }: DeployedFunction): FunctionProcess => {
    const made =
      processes.get(step) ??
      new FunctionProcess(join(directory, basename(entry).replace(/\.ts$/, '.mjs')), {
        AWS_REGION: 'us-east-1',
        AWS_ACCESS_KEY_ID: localCredentials.accessKeyId,
        AWS_SECRET_ACCESS_KEY: localCredentials.secretAccessKey,
        // No profile of whoever runs the tests.
        AWS_CONFIG_FILE: join(directory, 'none'),
        AWS_SHARED_CREDENTIALS_FILE: join(directory, 'none'),
        AWS_ENDPOINT_URL: nowhere,
        AWS_ENDPOINT_URL_DYNAMODB: ledger.connection.endpoint ?? nowhere,
        AWS_ENDPOINT_URL_SFN: states.connection.endpoint ?? nowhere,
        [endpointVariable[chimeApi]]: chime.url,
        ...ofTemplate,
        ...environment,
      });
    processes.set(step, made);
    return made;
  };
  const functions = [...synthesis.functions.entries()];

  return {
    chime,
    ledger,
    states,
    play: (input) =>
      startExecution({
        definition: synthesis.definition,
        input,
        clock,
        seed: 1,
        stateMachineArn: synthesis.stateMachineArn,
        executionArn: executionArn(synthesis),
        invoke: async (arn, payload) => {
          const deployed = synthesis.functions.get(arn);
          // An integration with another service: not one of the bundles.
          if (deployed === undefined) return {};
          return invokeFunction({
            name: deployed.step,
            functionArn: arn,
            handler: (event: unknown, context) => processOf(deployed).invoke(event, context),
            timeoutSeconds: deployed.timeoutSeconds,
            payload,
            clock,
            requestId: randomUUID(),
          });
        },
      }).result,
    invoke: (step, event) => {
      const [arn, deployed] = functions.find(([, one]) => one.step === step) ?? [];
      if (deployed === undefined) throw new Error(`There is no step ${step}.`);
      return processOf(deployed).invoke(event, {
        functionName: step,
        invokedFunctionArn: arn,
        awsRequestId: '1',
      });
    },
    logs: () => [...processes.values()].map(({ output }) => output).join('\n'),
    close: async () => {
      clock.close();
      await Promise.all([...processes.values()].map((one) => one.end()));
      await Promise.all([chime.close(), ledger.close(), states.close()]);
    },
  };
}

/** Where an SDK client looks for its endpoint: `AWS_ENDPOINT_URL_` and its service id. */
const endpointVariable: Record<Settings['chimeApi'], string> = {
  'chime-sdk-voice': 'AWS_ENDPOINT_URL_CHIME_SDK_VOICE',
  chime: 'AWS_ENDPOINT_URL_CHIME',
};

export function executionArn({ stateMachineArn }: Synthesis): string {
  return `${stateMachineArn.replace(':stateMachine:', ':execution:')}:${randomUUID()}`;
}
