import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { Settings } from '../../lib/settings.ts';
import { bundle } from '../../local/bundles.ts';
import type { FaultPlan } from '../../local/chime/faults.ts';
import { type LocalChime, startLocalChime } from '../../local/chime/server.ts';
import type { ChimeSwitches } from '../../local/chime/switches.ts';
import { VirtualClock } from '../../local/clock.ts';
import { type LocalCloudWatch, startLocalCloudWatch } from '../../local/cloudwatch.ts';
import { type Execution, type ExecutionOptions, startExecution } from '../../local/engine.ts';
import { type LocalEventBus, startLocalEventBus } from '../../local/event-bus.ts';
import { invokeFunction } from '../../local/lambda-service.ts';
import { type LocalLedger, localCredentials, startLocalLedger } from '../../local/ledger.ts';
import { type LocalStates, startLocalStates } from '../../local/states.ts';
import {
  type DeployedFunction,
  type DeployedMachine,
  type Synthesis,
  synthesise,
} from '../../local/synthesis.ts';
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
  /** Who knows which executions run: those that are played here, too. */
  readonly states: LocalStates;
  readonly cloudwatch: LocalCloudWatch;
  readonly bus: LocalEventBus;
  /** Plays the synthesised state machine that retires a connector with them. */
  play(input: unknown, options?: Pick<ExecutionOptions, 'onEvent'>): Execution;
  /** Plays the one that takes a teardown back. */
  playRestore(input: unknown): Execution;
  /** Calls one step's handler, e.g. of `DeleteVoiceConnector`. Throws its error. */
  invoke(step: string, event: unknown): Promise<unknown>;
  /** What all functions have logged. */
  logs(): string;
  close(): Promise<void>;
}

export interface DeployOptions {
  readonly switches?: Partial<ChimeSwitches>;
  readonly faults?: FaultPlan;
  /** Changes the variables of a step's function, after those of the template. */
  readonly environment?: (step: string) => Record<string, string>;
}

export async function deploy(
  { chimeApi, synthesis, directory }: Artefacts,
  { switches = {}, faults = {}, environment = () => ({}) }: DeployOptions = {},
): Promise<Deployment> {
  // The functions' clock is the real one, so that of local Chime and of the waits starts where it is, and runs ahead.
  const clock = new VirtualClock(new Date());
  const now = () => clock.now().getTime();
  const pageLimit = chimeApi === 'chime' ? 99 : 100;
  const chime = await startLocalChime({ now, switches, faults, pageLimit });
  const ledger = await startLocalLedger(synthesis.table);
  const states = await startLocalStates();
  const cloudwatch = await startLocalCloudWatch({ now });
  const bus = await startLocalEventBus({ now });
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
        AWS_ENDPOINT_URL_CLOUDWATCH: cloudwatch.connection.endpoint ?? nowhere,
        AWS_ENDPOINT_URL_EVENTBRIDGE: bus.connection.endpoint ?? nowhere,
        [endpointVariable[chimeApi]]: chime.url,
        ...ofTemplate,
        ...environment(step),
      });
    processes.set(step, made);
    return made;
  };
  const functions = [...synthesis.functions.entries()];

  const playOn =
    ({ definition, stateMachineArn }: DeployedMachine): Deployment['play'] =>
    (input, { onEvent } = {}) => {
      const execution = startExecution({
        ...{ definition, input, clock, seed: 1, stateMachineArn },
        executionArn: executionArn(stateMachineArn),
        ...(onEvent === undefined ? {} : { onEvent }),
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
      });
      states.add(execution);
      return execution;
    };

  return {
    chime,
    ledger,
    states,
    cloudwatch,
    bus,
    play: playOn(synthesis),
    playRestore: playOn(synthesis.restore),
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
      await Promise.all([chime, ledger, states, cloudwatch, bus].map((standIn) => standIn.close()));
    },
  };
}

/** Where an SDK client looks for its endpoint: `AWS_ENDPOINT_URL_` and its service id. */
const endpointVariable: Record<Settings['chimeApi'], string> = {
  'chime-sdk-voice': 'AWS_ENDPOINT_URL_CHIME_SDK_VOICE',
  chime: 'AWS_ENDPOINT_URL_CHIME',
};

/** Of an execution that is about to be started. */
export function executionArn(stateMachineArn: string): string {
  return `${stateMachineArn.replace(':stateMachine:', ':execution:')}:${randomUUID()}`;
}
