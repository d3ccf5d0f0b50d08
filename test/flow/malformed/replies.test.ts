import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Operation } from '../../../local/chime/operations.ts';
import { bulkAnswers } from './changes.ts';
import {
  type Case,
  expectDeleted,
  expectFailure,
  expectNothingElse,
  expectRestored,
  type Ground,
  leave,
  newCase,
  openGround,
  replyOf,
  spoil,
  tearDown,
  tearDownAndRestore,
} from './ground.ts';
import { reads } from './reads.ts';
import { assigned } from './shapes.ts';
import { spoilt, unreadable } from './spoilt.ts';

let ground: Ground;
let about: Case;
beforeAll(async () => {
  ground = await openGround();
});
beforeEach(() => {
  about = newCase(ground);
});
afterEach(() => leave(about));
afterAll(() => ground.world.close());

/** Every operation that a teardown calls. */
const releasing = [
  'GetVoiceConnector',
  'ListTagsForResource',
  'ListVoiceConnectorGroups',
  'GetVoiceConnectorGroup',
  'ListSipRules',
  'ListPhoneNumbers',
  'GetPhoneNumber',
  'DisassociatePhoneNumbersFromVoiceConnector',
  'BatchDeletePhoneNumber',
  'UpdateVoiceConnectorGroup',
  'DeleteVoiceConnector',
  'GetVoiceConnectorTermination',
  'ListVoiceConnectorTerminationCredentials',
  'GetVoiceConnectorOrigination',
  'GetVoiceConnectorStreamingConfiguration',
  'GetVoiceConnectorEmergencyCallingConfiguration',
  'GetVoiceConnectorLoggingConfiguration',
  'GetVoiceConnectorProxy',
  'GetVoiceConnectorExternalSystemsConfiguration',
] as const satisfies readonly Operation[];
/** Every operation that a restore calls. */
const restoring = [
  'GetVoiceConnector',
  'GetPhoneNumber',
  'ListPhoneNumbers',
  'RestorePhoneNumber',
  'AssociatePhoneNumbersWithVoiceConnector',
  'BatchUpdatePhoneNumber',
] as const satisfies readonly Operation[];
const readByBoth = reads.map(([operation]) => operation);

/** Sixteen of them, others for each place: the state machine repeats a step twenty times. */
function sixteenFor(place: number) {
  return [...spoilt, ...spoilt].slice((place * 7) % spoilt.length).slice(0, 16);
}

/** The JSON answers that are none to an operation; but for a token, which the service itself refuses when it is given back. */
function jsonAnswersTo(operation: Operation) {
  const found = reads.filter(([of, what]) => of === operation && what !== 'the same token twice');
  const bodies = found.map(([, , body]) => body);
  return bodies.slice(-16).map((body) => replyOf(about, body));
}

/** What an answer that cannot be read is called, where there is never a better one. */
function nameFor(what: string, operation: Operation): string {
  if (what.endsWith('502')) return 'ServiceUnavailableException';
  // Nothing is read of what the service says about a deletion, but for its status.
  return operation === 'DeleteVoiceConnector' && !what.includes('status') ? 'StillThere' : 'MalformedReply';
}

describe('A teardown rides out answers that are none, one after the other, to', () => {
  it.each(releasing.map((operation, place) => [operation, place] as const))(
    '%s',
    async (operation, place) => {
      spoil(
        about,
        operation,
        sixteenFor(place).map(([, reply]) => reply),
      );

      const result = await tearDown(about);

      expectDeleted(about, result);
      await expectNothingElse(about, result);
    },
  );

  it.each(releasing.filter((operation) => readByBoth.includes(operation)))(
    '%s, each of them JSON',
    async (operation) => {
      spoil(about, operation, jsonAnswersTo(operation));

      const result = await tearDown(about);

      expectDeleted(about, result);
      await expectNothingElse(about, result);
    },
  );
});

describe('A restore rides out answers that are none, one after the other, to', () => {
  it.each(restoring.map((operation, place) => [operation, place] as const))(
    '%s',
    async (operation, place) => {
      // A bulk call that is answered by nothing counts as accepted, and is waited for no longer than five minutes.
      const some = sixteenFor(place).filter(([, { body }]) => body.trim().length > 5);
      const replies = some.map(([, reply]) => reply);

      const result = await tearDownAndRestore(about, () => spoil(about, operation, replies));

      expectRestored(about, result);
      await expectNothingElse(about, result);
    },
  );

  it('RestorePhoneNumber, each of them JSON', async () => {
    const result = await tearDownAndRestore(about, () =>
      spoil(about, 'RestorePhoneNumber', jsonAnswersTo('RestorePhoneNumber')),
    );

    expectRestored(about, result);
    await expectNothingElse(about, result);
  });
});

describe('A teardown ends red, and its connector stays, where every answer is', () => {
  const cases = releasing.slice(0, 12).map((operation, i) => {
    const [what, reply] = unreadable[i % unreadable.length] as (typeof unreadable)[number];
    return [what, operation, reply] as const;
  });
  it.each(cases)('%s, to %s', async (what, operation, reply) => {
    spoil(about, operation, reply);

    const result = await tearDown(about);

    expectFailure(about, result, nameFor(what, operation));
    await expectNothingElse(about, result);
  });

  const arn = 'arn:aws:chime:us-east-1:111122223333:vc/<connector>';
  it.each([
    ['Protected', 'GetVoiceConnector', 'no ARN', { VoiceConnector: { VoiceConnectorId: '<connector>' } }],
    [
      'ManagedByConnect',
      'GetVoiceConnector',
      'an unknown integration',
      { VoiceConnector: { VoiceConnectorId: '<connector>', VoiceConnectorArn: arn, IntegrationType: 'X' } },
    ],
    [
      'NumbersReclaimed',
      'GetPhoneNumber',
      'an unknown status',
      { PhoneNumber: { ...assigned, Status: 'Evaporated' } },
    ],
  ] as const)('%s, to %s: %s', async (name, operation, _what, body) => {
    spoil(about, operation, replyOf(about, body));

    const result = await tearDown(about);

    expectFailure(about, result, name);
    await expectNothingElse(about, result);
  });
});

describe('A restore ends red, and says what is not back, where every answer is', () => {
  it.each(unreadable)('%s, to RestorePhoneNumber', async (what, reply) => {
    const result = await tearDownAndRestore(about, () => spoil(about, 'RestorePhoneNumber', reply));

    expectFailure(about, result, nameFor(what, 'RestorePhoneNumber'));
    expect(numbersNow()).toMatchObject(twice({ status: 'ReleaseInProgress', queued: true }));
    await expectNothingElse(about, result);
  });
});

describe('Where every answer to a bulk call is wrong, and nothing was done, a run ends red with every number where it was:', () => {
  /** Each answer to one of the calls: what the adapter makes of them is the same for all. */
  const answersTo = (place: number) => bulkAnswers.filter((_, i) => i % 3 === place);
  const unconfirmed = expect.stringMatching(/^(NumbersNotReleased|NumbersNotRestored|MalformedReply)$/);
  beforeEach(() => {
    leave(about);
    about = newCase(ground, 1);
  });

  it.each(answersTo(0))('%s, to the disassociation', async (_what, body) => {
    spoil(about, 'DisassociatePhoneNumbersFromVoiceConnector', replyOf(about, body));

    const result = await tearDown(about);

    expectFailure(about, result, unconfirmed);
    expect(numbersNow()).toMatchObject([{ status: 'Assigned', holder: { value: about.voiceConnectorId } }]);
    await expectNothingElse(about, result);
  });

  it.each(answersTo(1))('%s, to the queueing', async (_what, body) => {
    spoil(about, 'BatchDeletePhoneNumber', replyOf(about, body));

    const result = await tearDown(about);

    expectFailure(about, result, unconfirmed);
    expect(numbersNow()).toMatchObject([{ status: 'Unassigned', queued: false }]);
    await expectNothingElse(about, result);
  });

  it.each(answersTo(2))('%s, to the association', async (_what, body) => {
    const result = await tearDownAndRestore(about, () =>
      spoil(about, 'AssociatePhoneNumbersWithVoiceConnector', replyOf(about, body)),
    );

    expectFailure(about, result, unconfirmed);
    expect(numbersNow()).toMatchObject([{ status: 'Unassigned', queued: false }]);
    await expectNothingElse(about, result);
  });
});

describe('What was done is seen, though no answer says so:', () => {
  it.each(bulkAnswers.filter((_, i) => i % 4 === 0))('%s, to each call of a release', async (_what, body) => {
    const reply = replyOf(about, body, true);
    spoil(about, 'DisassociatePhoneNumbersFromVoiceConnector', reply);
    spoil(about, 'BatchDeletePhoneNumber', reply);

    const result = await tearDown(about);

    expectDeleted(about, result);
    await expectNothingElse(about, result);
  });

  it.each(bulkAnswers.filter((_, i) => i % 4 === 1))('%s, to an association', async (_what, body) => {
    const result = await tearDownAndRestore(about, () =>
      spoil(about, 'AssociatePhoneNumbersWithVoiceConnector', replyOf(about, body, true)),
    );

    expectRestored(about, result);
    await expectNothingElse(about, result);
  });

  it('HTML of status 502, to a deletion of the connector', async () => {
    const gateway = { status: 502, contentType: 'text/html', body: '<html/>', carriedOut: true };
    spoil(about, 'DeleteVoiceConnector', gateway);

    const result = await tearDown(about);

    expectDeleted(about, result);
    await expectNothingElse(about, result);
  });
});

describe('A restore does not hold numbers back for their names, whatever is answered to a request for them:', () => {
  it.each(bulkAnswers.filter((_, i) => i % 8 === 2))('%s', async (_what, body) => {
    const result = await tearDownAndRestore(about, () =>
      spoil(about, 'BatchUpdatePhoneNumber', replyOf(about, body)),
    );

    expectRestored(about, result);
    await expectNothingElse(about, result);
  });
});

/** The case's numbers as the service really has them. */
function numbersNow() {
  const { numbers } = ground.world.chime.state.everything();
  return about.e164s.map((e164) => numbers[e164]);
}

function twice<T>(each: T): T[] {
  return [each, each];
}
