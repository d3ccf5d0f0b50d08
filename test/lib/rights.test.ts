import { beforeAll, describe, expect, test } from '@jest/globals';
import type { Plugin } from 'esbuild';
import type { Settings } from '../../lib/settings.ts';
import { type Bundle, bundle } from '../../local/bundles.ts';
import { referred } from '../../local/cloudformation.ts';
import { deployedSteps } from '../../local/deployed-steps.ts';
import { actionsOf, allowing, type Statement, statementsOf } from '../../local/policies.ts';
import { synthesiseStack } from '../../local/synthesis.ts';

/** Actions that no command in the code stands for. */
const dependentActions: Record<'every step' | string, { actions: string[]; reason: string }> = {
  'every step': {
    actions: [
      'logs:CreateLogStream',
      'logs:PutLogEvents',
      'xray:PutTelemetryRecords',
      'xray:PutTraceSegments',
    ],
    reason: 'The Lambda service writes the logs and traces of a function with its role.',
  },
  CloseTeardown: {
    actions: ['sqs:SendMessage'],
    reason:
      'The Lambda service puts an event that the function failed on into the dead-letter queue, with its role.',
  },
  DeleteVoiceConnector: {
    actions: [
      'logs:CreateLogDelivery',
      'logs:DeleteLogDelivery',
      'logs:GetLogDelivery',
      'logs:ListLogDeliveries',
    ],
    reason: 'Dependent actions of chime:DeleteVoiceConnector (Service Authorization Reference).',
  },
};

/**
 * Actions of the current API alone. A deployment that changes to the older one keeps them: the runs that began before it
 * go on with the code of then, and one that may no longer read the tags must take its connector for protected.
 */
const keptForEarlierRuns: Record<string, string[]> = {
  InspectVoiceConnector: ['chime:GetVoiceConnectorExternalSystemsConfiguration', 'chime:ListTagsForResource'],
  DetachFromGroups: ['chime:ListTagsForResource'],
  DeleteVoiceConnector: ['chime:ListTagsForResource'],
};

/** The prefix of the IAM actions behind the commands of an SDK client. */
const services: Record<string, string> = {
  'client-chime': 'chime',
  'client-chime-sdk-voice': 'chime',
  'client-cloudwatch': 'cloudwatch',
  'client-dynamodb': 'dynamodb',
  'client-eventbridge': 'events',
  'client-sfn': 'states',
};

/** Clients with which the SDK's credential chain would log in; in Lambda, credentials come from the environment. */
const credentialClients = new Set(['client-sso', 'client-sso-oidc', 'client-sts']);

/** Commands that a client brings along by itself, and does not send as it is configured here. */
const unsentCommands = new Set([
  // Endpoint discovery is off unless AWS_ENABLE_ENDPOINT_DISCOVERY says otherwise.
  'dynamodb:DescribeEndpoints',
]);

const apis: Settings['chimeApi'][] = ['chime-sdk-voice', 'chime'];

/** What a connector with the protection tag is safe from, whatever the code says, by step. */
const deniedByTag: Readonly<Record<string, string>> = {
  DisassociatePhoneNumbers: 'chime:DisassociatePhoneNumbersFromVoiceConnector',
  DeleteVoiceConnector: 'chime:DeleteVoiceConnector',
};

describe.each(apis)('With the API %s', (chimeApi) => {
  const { stack, template } = synthesiseStack({ chimeApi });
  const steps = deployedSteps(stack, template);
  const statements = (name: string): Statement[] => {
    const step = steps.find((one) => one.name === name);
    return statementsOf(template, referred(step?.properties.Role));
  };
  let bundles: Bundle[];

  beforeAll(async () => {
    const entries = steps.map(({ entry }) => entry);
    bundles = await bundle(chimeApi, entries, { plugins: [documentClientWithoutSideEffects] });
  });

  const sourcesOf = (entry: string): readonly string[] => {
    const name = entry.replace(/^.*\/(.*)\.ts$/, '$1.mjs');
    const made = bundles.find(({ file }) => file === name);
    if (made === undefined) throw new Error(`There is no bundle of ${entry}.`);
    return made.sources;
  };

  test.each(steps)('$name may do exactly what its code calls', ({ name, entry }) => {
    const called = actionsCalledIn(sourcesOf(entry));
    const dependent = ['every step', name].flatMap((key) => dependentActions[key]?.actions ?? []);
    const kept = chimeApi === 'chime' ? (keptForEarlierRuns[name] ?? []) : [];
    for (const action of kept) expect(called).not.toContain(action);
    const expected = new Set([...called, ...dependent, ...kept]);
    expect(actionsOf(allowing(statements(name)))).toEqual([...expected].sort());
  });

  test.each(steps)('$name is denied what a tag protects a connector from, and nothing else', ({ name }) => {
    const denied = deniedByTag[name];
    expect(statements(name).filter(({ Effect }) => Effect !== 'Allow')).toEqual(
      denied === undefined ? [] : [protection(denied, 'teardown-protection')],
    );
  });

  test.each(steps)('$name names its actions one by one', ({ name }) => {
    const actions = actionsOf(statements(name));
    expect(actions).not.toEqual([]);
    for (const action of actions) expect(action).toMatch(/^[a-z0-9-]+:[A-Za-z0-9]+$/);
  });

  test.each(steps)('$name may act on no more resources than IAM can tell apart', ({ name }) => {
    const connectors =
      chimeApi === 'chime' ? '*' : 'arn:<AWS::Partition>:chime:<AWS::Region>:<AWS::AccountId>:vc/*';
    const allowed = allowing(statements(name));
    expect(allowed).not.toEqual([]);
    for (const statement of allowed) {
      const resources = [statement.Resource].flat().map(readable);
      expect(statement).not.toHaveProperty('Condition');
      for (const action of [statement.Action].flat()) {
        expect({ action, resources }).toEqual({ action, resources: resourcesFor(action, connectors) });
      }
    }
  });

  test.each(steps)('$name contains this Chime client, or none, and never the other', ({ entry }) => {
    const clients = new Set(sourcesOf(entry).flatMap((path) => clientOf(path) ?? []));
    const other = chimeApi === 'chime' ? 'client-chime-sdk-voice' : 'client-chime';
    expect(clients).not.toContain(other);
  });

  test('The steps that talk to Chime do so through this client', () => {
    const talking = steps.filter(({ entry }) =>
      sourcesOf(entry).some((path) => clientOf(path) === `client-${chimeApi}`),
    );
    const allowed = steps.filter(({ name }) =>
      actionsOf(statements(name)).some((one) => one.startsWith('chime:')),
    );
    expect(talking.length).toBeGreaterThan(0);
    expect(talking.map(({ name }) => name)).toEqual(allowed.map(({ name }) => name));
  });

  test.each(steps)('$name contains nothing that describes the cloud or stands in for it', ({ entry }) => {
    const foreign = sourcesOf(entry).filter((path) =>
      /^(bin|lib|local|test)\/|(^|\/)node_modules\/(aws-cdk-lib|constructs|cdk-nag|fastify|dynalite)\//.test(
        path,
      ),
    );
    expect(foreign).toEqual([]);
  });
});

test.each(['keep', 'team:do-not-delete'])(
  'The tag that protects a connector is the one that is set: %s',
  (tag) => {
    const { stack, template } = synthesiseStack({ protectionTag: tag });
    const denied = deployedSteps(stack, template).map(({ name, properties }) => [
      name,
      statementsOf(template, referred(properties.Role)).filter(({ Effect }) => Effect !== 'Allow'),
    ]);
    const expected = Object.entries(deniedByTag).map(([name, action]) => [name, [protection(action, tag)]]);
    const all = Object.fromEntries(denied.map(([name]) => [name, []]));
    expect(Object.fromEntries(denied)).toEqual({ ...all, ...Object.fromEntries(expected) });
  },
);

test('Every step that is denied something is one that is allowed it otherwise', () => {
  const { stack, template } = synthesiseStack();
  for (const [name, action] of Object.entries(deniedByTag)) {
    const step = deployedSteps(stack, template).find((one) => one.name === name);
    const statements = statementsOf(template, referred(step?.properties.Role));
    expect(actionsOf(allowing(statements))).toContain(action);
  }
});

test('Every dependent action has a reason, and a step that still exists', () => {
  const { stack, template } = synthesiseStack();
  const names = ['every step', ...deployedSteps(stack, template).map(({ name }) => name)];
  for (const [name, { reason }] of Object.entries(dependentActions)) {
    expect(names).toContain(name);
    expect(reason.length).toBeGreaterThan(20);
  }
});

/**
 * lib-dynamodb has none, but its package.json does not say so: its paginators, called as the module is loaded, would
 * drag Query and Scan into every bundle, used or not.
 */
const documentClientWithoutSideEffects: Plugin = {
  name: 'lib-dynamodb has no side effects',
  setup: (build) => {
    build.onResolve({ filter: /.*/ }, async ({ path, kind, importer, resolveDir, pluginData }) => {
      if (pluginData === 'resolved' || kind === 'entry-point') return undefined;
      if (path !== '@aws-sdk/lib-dynamodb' && !importer.includes('/@aws-sdk/lib-dynamodb/')) return undefined;
      const found = await build.resolve(path, { kind, importer, resolveDir, pluginData: 'resolved' });
      return found.path.includes('/@aws-sdk/lib-dynamodb/') ? { ...found, sideEffects: false } : found;
    });
  },
};

/** `chime:GetPhoneNumber` for each command of an SDK client whose code is in a bundle. */
function actionsCalledIn(sources: readonly string[]): string[] {
  return sources.flatMap((path) => {
    const client = clientOf(path);
    const [, command] = /\/commands\/(\w+)Command\.js$/.exec(path) ?? [];
    if (client === undefined || command === undefined || credentialClients.has(client)) return [];
    const service = services[client];
    if (service === undefined) throw new Error(`Say which IAM prefix the commands of ${client} have.`);
    const action = `${service}:${command}`;
    return unsentCommands.has(action) ? [] : [action];
  });
}

/** `client-dynamodb`, of a source in `node_modules/@aws-sdk/client-dynamodb`. */
function clientOf(path: string): string | undefined {
  return /node_modules\/@aws-sdk\/(client-[a-z0-9-]+)\/dist-es\//.exec(path)?.[1];
}

/** An operation is denied on connectors that have the tag, whatever its value: `Null` is false where it is there. */
function protection(action: string, tag: string): Statement {
  return {
    Effect: 'Deny',
    Action: action,
    Resource: '*',
    Condition: { Null: { [`aws:ResourceTag/${tag}`]: 'false' } },
  };
}

const [executionsOfTeardowns, executionsOfRestores] = ['Teardown63805531', 'TeardownRestore3939DA62'].map(
  (machine) => `arn:<AWS::Partition>:states:<AWS::Region>:<AWS::AccountId>:execution:<${machine}.Name>:*`,
);

/** The resources that an action is allowed on: all of them, and no others. */
function resourcesFor(action: string, connectors: string): unknown[] {
  if (action === 'events:PutEvents')
    return ['arn:<AWS::Partition>:events:<AWS::Region>:<AWS::AccountId>:event-bus/default'];
  if (action === 'sqs:SendMessage') return ['<TeardownDeadLetters1F43B7B7.Arn>'];
  if (action.startsWith('dynamodb:')) return ['<TeardownLedgerTable47963DD8.Arn>'];
  if (/^logs:(CreateLogStream|PutLogEvents)$/.test(action))
    return [expect.stringMatching(/^<\w+Logs\w+\.Arn>$/)];
  if (action === 'states:DescribeExecution') return [executionsOfTeardowns, executionsOfRestores];
  if (action === 'states:StopExecution') return [executionsOfTeardowns];
  if (action === 'states:StartExecution') return ['<TeardownRestore3939DA62>'];
  // IAM knows no resource of groups, though their operations are named after connectors.
  if (/^chime:\w*VoiceConnectorGroups?$/.test(action)) return ['*'];
  if (/^chime:(\w*VoiceConnector\w*|ListTagsForResource)$/.test(action)) return [connectors];
  return ['*'];
}

/** A resource as text: `arn:<AWS::Partition>:chime:…`, `<Table.Arn>`. */
function readable(part: unknown): string {
  if (typeof part !== 'object' || part === null) return String(part);
  const { Ref, 'Fn::GetAtt': attribute, 'Fn::Join': join } = part as Record<string, unknown>;
  if (typeof Ref === 'string') return `<${Ref}>`;
  if (Array.isArray(attribute)) return `<${attribute.join('.')}>`;
  if (Array.isArray(join) && Array.isArray(join[1])) return join[1].map(readable).join(String(join[0]));
  throw new Error(`Not a resource: ${JSON.stringify(part)}.`);
}
