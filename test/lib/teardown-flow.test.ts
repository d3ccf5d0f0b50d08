import { expect, test } from '@jest/globals';
import { days, itFollowsTheRules } from './flow-rules.ts';
import { announcing, type Graph, graphOf, machineUnderTest } from './state-graph.ts';

const machine = machineUnderTest();

/** The flow as an operator sees it: every state, what it calls, and where it goes. */
const flow: Graph = {
  'Accept request': { type: 'Pass', next: 'Inspect voice connector' },
  'Inspect voice connector': {
    type: 'Task',
    calls: 'InspectVoiceConnector',
    next: 'Safe to tear down?',
    onError: 'Close teardown (failed)',
  },
  'Safe to tear down?': {
    type: 'Choice',
    when: {
      '$.verdict = release': 'Release phone numbers',
      '$.verdict = delete': 'Is it to leave its groups?',
      '$.verdict = planned': 'Plan ready',
      '$.verdict = alreadyDeleted': 'Already deleted',
    },
    otherwise: 'Close teardown (refused)',
  },
  'Plan ready': { type: 'Succeed' },
  'Already deleted': { type: 'Succeed' },

  'Release phone numbers': {
    type: 'Map',
    each: {
      'Disassociate phone numbers': {
        type: 'Task',
        calls: 'DisassociatePhoneNumbers',
        next: 'Queue phone numbers',
      },
      'Queue phone numbers': { type: 'Task', calls: 'QueuePhoneNumbers' },
    },
    next: 'Open deletion window',
    onError: 'Close teardown (failed)',
  },
  'Open deletion window': {
    type: 'Task',
    calls: 'OpenDeletionWindow',
    next: 'Announce deletion window',
    onError: 'Close teardown (failed)',
  },
  'Announce deletion window': announcing('Is the last day still to come?'),
  'Is the last day still to come?': {
    type: 'Choice',
    when: { '$.window.announcesLastDay = true': 'Wait until the last day' },
    otherwise: 'Wait until the window ends',
  },
  'Wait until the last day': { type: 'Wait', until: '$.window.lastDayAt', next: 'Announce last day' },
  'Announce last day': announcing('Wait until the window ends'),
  'Wait until the window ends': { type: 'Wait', until: '$.window.endsAt', next: 'Check deletion queue' },
  'Check deletion queue': {
    type: 'Task',
    calls: 'CheckDeletionQueue',
    next: 'Are the numbers gone?',
    onError: 'Close teardown (failed)',
  },
  'Are the numbers gone?': {
    type: 'Choice',
    when: {
      '$.check.verdict = gone': 'Is it to leave its groups?',
      '$.check.verdict = stillQueued': 'Wait before next check',
    },
    otherwise: 'Stop before the delete',
  },
  'Wait before next check': { type: 'Wait', until: '3600 s', next: 'Check deletion queue' },
  'Stop before the delete': { type: 'Pass', next: 'Close teardown (failed)' },

  'Is it to leave its groups?': {
    type: 'Choice',
    when: { '$.detachFromGroups = true': 'Detach from groups' },
    otherwise: 'Delete voice connector',
  },
  'Detach from groups': {
    type: 'Task',
    calls: 'DetachFromGroups',
    next: 'Delete voice connector',
    onError: 'Close teardown (failed)',
  },
  'Delete voice connector': {
    type: 'Task',
    calls: 'DeleteVoiceConnector',
    next: 'Close teardown (deleted)',
    onError: 'Close teardown (failed)',
  },
  'Close teardown (deleted)': {
    type: 'Task',
    calls: 'CloseTeardown',
    next: 'Announce completion',
    onError: 'Close teardown (failed)',
  },
  'Announce completion': announcing('Connector deleted'),
  'Connector deleted': { type: 'Succeed' },

  'Close teardown (refused)': {
    type: 'Task',
    calls: 'CloseTeardown',
    next: 'Announce refusal',
    onError: 'Teardown failed, unrecorded',
  },
  'Announce refusal': announcing('Teardown refused'),
  'Teardown refused': { type: 'Fail' },
  'Close teardown (failed)': {
    type: 'Task',
    calls: 'CloseTeardown',
    next: 'Announce failure',
    onError: 'Teardown failed, unrecorded',
  },
  'Announce failure': announcing('Teardown failed'),
  'Teardown failed': { type: 'Fail' },
  'Teardown failed, unrecorded': { type: 'Fail' },
};

test('A teardown goes this way', () => {
  expect(graphOf(machine)).toEqual(flow);
  expect(machine.definition.StartAt).toBe('Accept request');
});

itFollowsTheRules(machine, {
  workflow: 'teardown',
  // The window (7 days), the days of grace (3) and two for the slowest retries.
  timeoutSeconds: 12 * days,
  // What asked only for a plan, or came after the deletion, answers with what was found.
  answers: { 'Plan ready': '$.answer', 'Already deleted': '$.answer', 'Connector deleted': '$.answer' },
  closings: {
    deleted: 'Close teardown (deleted)',
    refused: 'Close teardown (refused)',
    failed: 'Close teardown (failed)',
  },
  maps: ['Release phone numbers'],
  passedOver: {},
  announcements: {
    'Announce deletion window': ['$.window.opened', 'Teardown Window Opened'],
    'Announce last day': ['$.window.lastDay', 'Teardown Last Day'],
    'Announce completion': ['$.notice.detail'],
    'Announce refusal': ['$.notice.detail'],
    'Announce failure': ['$.notice.detail'],
  },
});
