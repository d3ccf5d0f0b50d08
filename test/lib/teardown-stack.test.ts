import { describe, expect, test } from '@jest/globals';
import { referred, resourcesOf, type TemplatePart } from '../../local/cloudformation.ts';
import { deployedSteps } from '../../local/deployed-steps.ts';
import { actionsOf, statementsOf } from '../../local/policies.ts';
import { synthesise, synthesiseStack } from '../../local/synthesis.ts';

const { stack, template } = synthesiseStack();
const synthesis = synthesise();
const { functions } = synthesis;
const steps = deployedSteps(stack, template);

describe('What a deployment must never replace', () => {
  /** A changed id is a new resource: an empty ledger, or a workflow that leaves running executions behind. */
  const contract = {
    table: 'TeardownLedgerTable47963DD8',
    machines: ['TeardownRestore3939DA62', 'Teardown63805531'],
    rules: ['TeardownInterruptionRule0C99EF83', 'TriggersTeardown571D5D55', 'TriggersRestore8C6B5B84'],
    deadLetters: 'TeardownDeadLetters1F43B7B7',
    functions: {
      CloseTeardown: 'TeardownCloseTeardownFunctionD7420D32',
      InspectTeardown: 'TeardownInspectTeardownFunction9B78673A',
      RestorePhoneNumbers: 'TeardownRestorePhoneNumbersFunctionC63C17C4',
      AssociatePhoneNumbers: 'TeardownAssociatePhoneNumbersFunction7F469423',
      RequestNames: 'TeardownRequestNamesFunctionE01E9E12',
      RejoinGroups: 'TeardownRejoinGroupsFunctionDDEA430A',
      VerifyRestore: 'TeardownVerifyRestoreFunction932E7862',
      InspectVoiceConnector: 'TeardownInspectVoiceConnectorFunction375FB46F',
      DisassociatePhoneNumbers: 'TeardownDisassociatePhoneNumbersFunctionCA4375A5',
      QueuePhoneNumbers: 'TeardownQueuePhoneNumbersFunction25DCCF10',
      OpenDeletionWindow: 'TeardownOpenDeletionWindowFunction849AD376',
      CheckDeletionQueue: 'TeardownCheckDeletionQueueFunctionBF4D54EC',
      DetachFromGroups: 'TeardownDetachFromGroupsFunctionC3FB4E0C',
      DeleteVoiceConnector: 'TeardownDeleteVoiceConnectorFunction14491CC3',
      RequestRestore: 'DashboardRequestRestoreFunction7B32C89D',
      ShowBoard: 'DashboardShowBoardFunction19C53BB1',
    },
  };

  test('keeps its logical id', () => {
    expect(resourcesOf(template, 'AWS::DynamoDB::Table').map(([id]) => id)).toEqual([contract.table]);
    expect(resourcesOf(template, 'AWS::StepFunctions::StateMachine').map(([id]) => id)).toEqual(
      contract.machines,
    );
    expect(resourcesOf(template, 'AWS::Events::Rule').map(([id]) => id)).toEqual(contract.rules);
    expect(resourcesOf(template, 'AWS::SQS::Queue').map(([id]) => id)).toEqual([contract.deadLetters]);
    expect(Object.fromEntries(steps.map(({ name, logicalId }) => [name, logicalId]))).toEqual(
      contract.functions,
    );
  });

  test('is guarded by the termination protection of the stack', () => {
    expect(stack.terminationProtection).toBe(true);
  });

  test('has no physical name, under which it could neither be replaced nor deployed twice', () => {
    const names = ['FunctionName', 'TableName', 'StateMachineName', 'LogGroupName', 'RoleName', 'Name'];
    const namesAnother = ['Version', 'Permission', 'EventInvokeConfig'].map((type) => `AWS::Lambda::${type}`);
    const named = Object.entries(template.Resources).filter(
      ([, { Type, Properties = {} }]) =>
        !namesAnother.includes(Type) && names.some((name) => name in Properties),
    );
    expect(named).toEqual([]);
  });
});

describe('Every state machine', () => {
  const machines = resourcesOf(template, 'AWS::StepFunctions::StateMachine');

  test.each(machines)('%s is a Standard one: it lives for days', (_id, { Properties }) => {
    expect(Properties?.StateMachineType).toBe('STANDARD');
  });

  test.each(machines)('%s logs everything to a group of its own and is traced', (_id, { Properties }) => {
    const { LoggingConfiguration, TracingConfiguration } = Properties as unknown as {
      LoggingConfiguration: {
        Level: string;
        IncludeExecutionData: boolean;
        Destinations: { CloudWatchLogsLogGroup: { LogGroupArn: { 'Fn::GetAtt': [string, 'Arn'] } } }[];
      };
      TracingConfiguration: { Enabled: boolean };
    };
    expect(TracingConfiguration.Enabled).toBe(true);
    expect(LoggingConfiguration).toMatchObject({ Level: 'ALL', IncludeExecutionData: true });
    const groups = LoggingConfiguration.Destinations.map((to) =>
      referred(to.CloudWatchLogsLogGroup.LogGroupArn),
    );
    expect(groups.map((group) => template.Resources[group]?.Properties?.RetentionInDays)).toEqual([365]);
  });

  test.each(machines)(
    '%s may call every version of each of its functions, and nothing else',
    (id, machine) => {
      const statements = statementsOf(template, referred(machine.Properties?.RoleArn));
      const callable = statements
        .filter(({ Action }) => [Action].flat().includes('lambda:InvokeFunction'))
        .flatMap(({ Resource }) => Resource)
        .map((resource) => JSON.stringify(resource));
      const expected = [...functionsCalledBy(id)].flatMap((logicalId) => {
        const arn = { 'Fn::GetAtt': [logicalId, 'Arn'] };
        return [arn, { 'Fn::Join': ['', [arn, ':*']] }].map((resource) => JSON.stringify(resource));
      });
      // Beside these, CDK grants each version that a task calls, and every version of that.
      expect(new Set(callable.filter((resource) => !resource.includes('CurrentVersion')))).toEqual(
        new Set(expected),
      );
    },
  );

  test('is given by the synthesis that everything else here is played from', () => {
    const { stateMachineArn, restore } = synthesis;
    for (const [id] of machines)
      expect([stateMachineArn, restore.stateMachineArn].filter((arn) => arn.endsWith(id))).toHaveLength(1);
    expect(new Set([...functions.values()].map(({ step }) => step))).toEqual(
      new Set(steps.map(({ name }) => name)),
    );
  });
});

describe('What is set', () => {
  const own = ['POWERTOOLS_SERVICE_NAME', 'TIMEOUT_SECONDS', 'LEDGER_TABLE'];
  const settings = {
    ...{ maxPhoneNumbers: 5, quietDays: 3, protectionTag: 'keep', requireApprovedPlan: true },
    ledgerRetentionDays: 30,
  };
  const guards = { PROTECTION_TAG: 'keep', QUIET_DAYS: '3' };

  test('reaches the functions that go by it, and no other', () => {
    const { stack, template } = synthesiseStack(settings);
    const told = deployedSteps(stack, template).map(({ name, properties }) => {
      const { Variables } = properties.Environment as { Variables: Record<string, TemplatePart> };
      return [name, Object.fromEntries(Object.entries(Variables).filter(([key]) => !own.includes(key)))];
    });
    expect(Object.fromEntries(told)).toEqual({
      ...Object.fromEntries(steps.map(({ name }) => [name, {}])),
      InspectVoiceConnector: {
        ...guards,
        MAX_PHONE_NUMBERS: '5',
        REQUIRE_APPROVED_PLAN: 'true',
        BATCH_CONCURRENCY: '1',
        RESTORE_STATE_MACHINE_ARN: { Ref: 'TeardownRestore3939DA62' },
      },
      CloseTeardown: { LEDGER_RETENTION_DAYS: '30' },
      DetachFromGroups: guards,
      DeleteVoiceConnector: guards,
      RequestRestore: { RESTORE_STATE_MACHINE_ARN: { Ref: 'TeardownRestore3939DA62' } },
      ShowBoard: {
        RESTORE_FUNCTION_ARN: {
          Ref: expect.stringContaining('DashboardRequestRestoreFunctionCurrentVersion'),
        },
      },
    });
  });
});

describe('Every function', () => {
  test.each(steps)('$name runs on nodejs24.x, arm64, traced, within a time-out', ({ properties }) => {
    expect(properties).toMatchObject({
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      Handler: 'index.handler',
      TracingConfig: { Mode: 'Active' },
    });
    expect(properties.Timeout).toBeGreaterThan(0);
    expect(properties.Timeout).toBeLessThan(15 * 60);
  });

  test.each(steps)('$name knows for how long it may run, and so hold the lock', ({ properties }) => {
    const { Variables } = properties.Environment as { Variables: Record<string, string> };
    expect(Variables.TIMEOUT_SECONDS).toBe(String(properties.Timeout));
  });

  test.each(steps)('$name knows the ledger', ({ properties }) => {
    const { Variables } = properties.Environment as { Variables: Record<string, { Ref: string }> };
    expect(referred(Variables.LEDGER_TABLE)).toBe('TeardownLedgerTable47963DD8');
  });

  test('has a role and a log group of its own, with a retention', () => {
    const roles = steps.map(({ properties }) => referred(properties.Role));
    const groups = steps.map(({ properties }) => {
      const { LogGroup } = properties.LoggingConfig as { LogGroup: { Ref: string } };
      return LogGroup.Ref;
    });
    expect(new Set(roles).size).toBe(steps.length);
    expect(new Set(groups).size).toBe(steps.length);
    for (const group of groups) expect(template.Resources[group]?.Properties?.RetentionInDays).toBe(365);
  });

  test.each(steps)('$name may write to no log group but its own', ({ properties }) => {
    const { LogGroup } = properties.LoggingConfig as { LogGroup: { Ref: string } };
    const writing = statementsOf(template, referred(properties.Role)).filter((statement) =>
      actionsOf([statement]).includes('logs:PutLogEvents'),
    );
    expect(writing.map(({ Resource }) => referred(Resource))).toEqual([LogGroup.Ref]);
  });

  test.each(steps)('$name is called by a version, which outlives the deployment that replaces it', (step) => {
    const versions = resourcesOf(template, 'AWS::Lambda::Version').filter(
      ([, { Properties }]) => referred(Properties?.FunctionName) === step.logicalId,
    );
    const [version, ...others] = versions;
    expect(others).toEqual([]);
    expect(version?.[1]).toMatchObject({ DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
    expect([...functions.keys()].filter((arn) => arn.includes(`:${step.logicalId}:`))).toHaveLength(1);
  });
});

test('The ledger is paid by the request, recoverable, protected, forgets what says when, and outlives the stack', () => {
  const [[, table] = ['', undefined]] = resourcesOf(template, 'AWS::DynamoDB::Table');
  expect(table).toMatchObject({
    DeletionPolicy: 'Retain',
    UpdateReplacePolicy: 'Retain',
    Properties: {
      BillingMode: 'PAY_PER_REQUEST',
      DeletionProtectionEnabled: true,
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
      KeySchema: [
        { AttributeName: 'voiceConnectorId', KeyType: 'HASH' },
        { AttributeName: 'item', KeyType: 'RANGE' },
      ],
    },
  });
});

/** Logical ids of the functions whose versions a machine's definition names. */
function functionsCalledBy(machineId: string): Set<string> {
  const definition = JSON.stringify(template.Resources[machineId]?.Properties?.DefinitionString);
  const versions = resourcesOf(template, 'AWS::Lambda::Version').filter(([id]) =>
    definition.includes(`"${id}"`),
  );
  return new Set(versions.map(([, { Properties }]) => referred(Properties?.FunctionName)));
}
