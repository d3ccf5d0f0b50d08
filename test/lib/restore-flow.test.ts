import { expect, test } from '@jest/globals';
import { days, itFollowsTheRules } from './flow-rules.ts';
import { allStates, announcing, type Graph, graphOf, restoreUnderTest } from './state-graph.ts';

const machine = restoreUnderTest();

/** The way back as an operator sees it: every state, what it calls, and where it goes. */
const flow: Graph = {
  'Accept request': { type: 'Pass', next: 'Inspect teardown' },
  'Inspect teardown': {
    type: 'Task',
    calls: 'InspectTeardown',
    next: 'Is there anything to restore?',
    onError: 'Close teardown (failed)',
  },
  'Is there anything to restore?': {
    type: 'Choice',
    when: {
      '$.verdict = restore': 'Take phone numbers out of the queue',
      '$.verdict = planned': 'Restore planned',
      '$.verdict = alreadyRestored': 'Already restored',
    },
    otherwise: 'Close teardown (refused)',
  },
  'Restore planned': { type: 'Succeed' },
  'Already restored': { type: 'Succeed' },

  'Take phone numbers out of the queue': {
    type: 'Map',
    each: { 'Restore phone numbers': { type: 'Task', calls: 'RestorePhoneNumbers' } },
    next: 'Bring phone numbers back',
    onError: 'Close teardown (failed)',
  },
  'Bring phone numbers back': {
    type: 'Map',
    each: {
      'Associate phone numbers': {
        type: 'Task',
        calls: 'AssociatePhoneNumbers',
        next: 'Request names',
      },
      'Request names': { type: 'Task', calls: 'RequestNames', onError: 'Names left as they are' },
      'Names left as they are': { type: 'Pass' },
    },
    next: 'Wait before next look',
    onError: 'Close teardown (failed)',
  },
  'Wait before next look': { type: 'Wait', until: '120 s', next: 'Verify restore' },
  'Verify restore': {
    type: 'Task',
    calls: 'VerifyRestore',
    next: 'Are the numbers back?',
    onError: 'Close teardown (failed)',
  },
  'Are the numbers back?': {
    type: 'Choice',
    when: { '$.check.verdict = notYet': 'Take what is missing' },
    otherwise: 'Rejoin groups',
  },
  'Take what is missing': { type: 'Pass', next: 'Take phone numbers out of the queue' },
  'Rejoin groups': {
    type: 'Task',
    calls: 'RejoinGroups',
    next: 'Is everything back?',
    onError: 'Close teardown (failed)',
  },
  'Is everything back?': {
    type: 'Choice',
    when: { '$.check.verdict = restored': 'Close teardown (restored)' },
    otherwise: 'Close teardown (incomplete)',
  },

  'Close teardown (restored)': {
    type: 'Task',
    calls: 'CloseTeardown',
    next: 'Announce restore',
    onError: 'Close teardown (failed)',
  },
  'Announce restore': announcing('Connector restored'),
  'Connector restored': { type: 'Succeed' },

  'Close teardown (incomplete)': {
    type: 'Task',
    calls: 'CloseTeardown',
    next: 'Announce shortfall',
    onError: 'Close teardown (failed)',
  },
  'Announce shortfall': announcing('Restore incomplete'),
  'Restore incomplete': { type: 'Fail' },
  'Close teardown (refused)': {
    type: 'Task',
    calls: 'CloseTeardown',
    next: 'Announce refusal',
    onError: 'Restore failed, unrecorded',
  },
  'Announce refusal': announcing('Restore refused'),
  'Restore refused': { type: 'Fail' },
  'Close teardown (failed)': {
    type: 'Task',
    calls: 'CloseTeardown',
    next: 'Announce failure',
    onError: 'Restore failed, unrecorded',
  },
  'Announce failure': announcing('Restore failed'),
  'Restore failed': { type: 'Fail' },
  'Restore failed, unrecorded': { type: 'Fail' },
};

test('A restore goes this way', () => {
  expect(graphOf(machine)).toEqual(flow);
  expect(machine.definition.StartAt).toBe('Accept request');
});

test('What goes once more through the restore is what was missing, and nothing else changes', () => {
  const states = allStates(machine.definition);
  expect(states.get('Verify restore')).toMatchObject({ ResultPath: '$.check' });
  expect(states.get('Take what is missing')).toMatchObject({
    InputPath: '$.check.batches',
    ResultPath: '$.batches',
  });
  expect(states.get('Bring phone numbers back')).toMatchObject({ ItemsPath: '$.batches' });
  // What could not be rejoined is added to what is known of the numbers.
  expect(states.get('Rejoin groups')).toMatchObject({ ResultPath: '$.check' });
});

itFollowsTheRules(machine, {
  workflow: 'restore',
  // As long as a call a second for 100,000 numbers takes, twice over.
  timeoutSeconds: 3 * days,
  // What asked only for a plan, or came after a restore, answers with what was found.
  answers: {
    'Restore planned': '$.answer',
    'Already restored': '$.answer',
    'Connector restored': '$.answer',
  },
  closings: {
    restored: 'Close teardown (restored)',
    incomplete: 'Close teardown (incomplete)',
    refused: 'Close teardown (refused)',
    failed: 'Close teardown (failed)',
  },
  maps: ['Take phone numbers out of the queue', 'Bring phone numbers back'],
  // A number without its name is better than one that stays in the queue.
  passedOver: { 'Request names': 'Names left as they are' },
  announcements: {
    'Announce restore': ['$.notice.detail'],
    'Announce shortfall': ['$.notice.detail'],
    'Announce refusal': ['$.notice.detail'],
    'Announce failure': ['$.notice.detail'],
  },
});
