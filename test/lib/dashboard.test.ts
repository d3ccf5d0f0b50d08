import { describe, expect, test } from '@jest/globals';
import { type CloudFormationTemplate, referred, resolver, resourcesOf } from '../../local/cloudformation.ts';
import { deployedSteps } from '../../local/deployed-steps.ts';
import { actionsOf, allowing, statementsOf } from '../../local/policies.ts';
import { synthesiseStack } from '../../local/synthesis.ts';

/** A widget as the dashboard's body has it: what it shows, and where on a grid of 24 columns. */
interface Widget {
  readonly type: string;
  readonly width: number;
  readonly properties: {
    readonly title: string;
    readonly endpoint?: string;
    readonly updateOn?: Record<string, boolean>;
    readonly metrics?: readonly (readonly (string | { label: string; stat: string })[])[];
  };
}

const { stack, template } = synthesiseStack();
const steps = deployedSteps(stack, template);
const stepNamed = (name: string) => {
  const found = steps.find((step) => step.name === name);
  if (found === undefined) throw new Error(`There is no function ${name}.`);
  return found;
};
const widgets = widgetsOf(template);

describe('The dashboard', () => {
  test('begins with the teardown board, over its whole width, drawn anew at each refresh', () => {
    const [board] = widgets;
    expect(board).toMatchObject({
      type: 'custom',
      width: 24,
      properties: {
        title: 'Teardown board',
        endpoint: `${arnOf('ShowBoard')}:1`,
        updateOn: { refresh: true, resize: false, timeRange: false },
      },
    });
  });

  test.each([
    ['Teardowns', 'Teardown63805531'],
    ['Restores', 'TeardownRestore3939DA62'],
  ])('counts the %s that began and how they ended', (title, machine) => {
    expect(metricsOf(title)).toEqual(
      [
        'ExecutionsStarted',
        'ExecutionsSucceeded',
        'ExecutionsFailed',
        'ExecutionsAborted',
        'ExecutionsTimedOut',
      ].map((name) => [
        'AWS/States',
        name,
        'StateMachineArn',
        expect.stringMatching(new RegExp(`:${machine}$`)),
        'Sum',
      ]),
    );
  });

  test.each([
    ['Duration of the steps, longest (ms)', 'Duration', 'Maximum'],
    ['Errors of the steps', 'Errors', 'Sum'],
    ['Throttled calls of the steps', 'Throttles', 'Sum'],
  ])('shows for every step of both workflows: %s', (title, metric, statistic) => {
    const ofWorkflows = steps.filter(({ name }) => name !== 'ShowBoard' && name !== 'RequestRestore');
    const shown = metricsOf(title).map((one) => JSON.stringify(one));
    const expected = ofWorkflows.map(({ logicalId }) => [
      'AWS/Lambda',
      metric,
      'FunctionName',
      logicalId,
      statistic,
    ]);
    expect(shown.toSorted()).toEqual(expected.map((one) => JSON.stringify(one)).toSorted());
  });

  test('shows how many requests Chime got, and how many of them it throttled', () => {
    const service = ['service', 'voice-connector-teardown'];
    expect(metricsOf('Requests to Chime')).toEqual([
      ['VoiceConnectorTeardown', 'ChimeCalls', ...service, 'Sum'],
      ['VoiceConnectorTeardown', 'ChimeThrottled', ...service, 'Sum'],
    ]);
  });

  test('shows where the ledger is throttled', () => {
    expect(metricsOf('Throttled requests to the ledger')).toEqual(
      ['ReadThrottleEvents', 'WriteThrottleEvents'].map((name) => [
        ...['AWS/DynamoDB', name, 'TableName', 'TeardownLedgerTable47963DD8', 'Sum'],
      ]),
    );
  });
});

describe('The board', () => {
  test('has a button that calls the version of the function it was deployed with', () => {
    const { Variables } = stepNamed('ShowBoard').properties.Environment as {
      Variables: Record<string, never>;
    };
    expect(resolver(template)(Variables.RESTORE_FUNCTION_ARN)).toBe(`${arnOf('RequestRestore')}:1`);
  });

  test('only reads', () => {
    const actions = actionsOf(allowing(ofStep('ShowBoard')));
    expect(actions.filter((action) => !/^(logs|xray):/.test(action))).toEqual([
      'dynamodb:GetItem',
      'dynamodb:Query',
      'dynamodb:Scan',
      'states:DescribeExecution',
    ]);
  });

  test('may ask for a restore, and for nothing else', () => {
    const own = allowing(ofStep('RequestRestore')).filter(
      (statement) => !actionsOf([statement]).every((action) => /^(logs|xray):/.test(action)),
    );
    expect(own).toEqual([
      { Effect: 'Allow', Action: 'states:StartExecution', Resource: { Ref: 'TeardownRestore3939DA62' } },
    ]);
  });

  test('answers while somebody is waiting: within 15 seconds', () => {
    for (const name of ['ShowBoard', 'RequestRestore']) expect(stepNamed(name).properties.Timeout).toBe(15);
  });
});

function ofStep(name: string) {
  return statementsOf(template, referred(stepNamed(name).properties.Role));
}

function arnOf(name: string): string {
  return `arn:aws:lambda:us-east-1:123456789012:function:${stepNamed(name).logicalId}`;
}

/** The metrics of a graph: namespace, name, one dimension, statistic. */
function metricsOf(title: string): unknown[][] {
  const graph = widgets.find(({ properties }) => properties.title === title);
  return (graph?.properties.metrics ?? []).map((metric) =>
    metric.map((part) => (typeof part === 'string' ? part : part.stat)),
  );
}

function widgetsOf(template: CloudFormationTemplate): Widget[] {
  const [[, dashboard] = ['', undefined], ...others] = resourcesOf(template, 'AWS::CloudWatch::Dashboard');
  if (others.length > 0) throw new Error('There is more than one dashboard.');
  const body = resolver(template)(dashboard?.Properties?.DashboardBody);
  return (JSON.parse(String(body)) as { widgets: Widget[] }).widgets;
}
