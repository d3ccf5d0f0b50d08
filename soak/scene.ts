/** Where a day is played: the product on its stand-ins, with a connector to tear down and much that must not be touched. */
import type { Everything } from '../local/chime/everything.ts';
import { openWorld, type World, type WorldOptions } from '../local/world.ts';
import type { Day } from './day.ts';

export interface Scene {
  readonly world: World;
  readonly voiceConnectorId: string;
  /** Another connector: where a person moves numbers to. */
  readonly otherConnectorId: string;
  /** The connector's numbers, E.164. */
  readonly numbers: readonly string[];
  /** The service as it was before anything happened. */
  readonly before: Everything;
  /** What the functions have logged. */
  readonly lines: readonly string[];
}

/** Real ms without an answer after which a call counts as failed: short where a day has calls that hang. */
const requestTimeoutMs = { hanging: 150, otherwise: 20_000 };

export async function setScene(
  day: Day,
  seed: string,
  options: Pick<WorldOptions, 'steps'> = {},
): Promise<Scene> {
  const lines: string[] = [];
  const { odds } = day;
  const world = await openWorld({
    ...options,
    seed,
    switches: day.switches,
    chimeAheadMs: day.chimeAheadMinutes * 60_000,
    requestTimeoutMs: odds.hang === undefined ? requestTimeoutMs.otherwise : requestTimeoutMs.hanging,
    onLog: (line) => lines.push(line),
  });
  const { chime } = world;
  const { voiceConnectorId, e164s: numbers } = chime.seedConnector({
    numbers: day.numbers,
    name: 'Trunk',
    firstNumber: '+12065550100',
  });
  const other = chime.seedConnector({ numbers: 2, name: 'Other trunk', firstNumber: '+13125550100' });
  if (day.isFurnished) furnish(world, voiceConnectorId, numbers, other.voiceConnectorId);
  addStrangers(world, other.voiceConnectorId);
  return {
    world,
    voiceConnectorId,
    otherConnectorId: other.voiceConnectorId,
    numbers,
    before: chime.state.everything(),
    lines,
  };
}

/** A bit of everything that can be configured. */
function furnish({ chime: { state } }: World, id: string, numbers: readonly string[], other: string): void {
  state.configure(id, {
    termination: {
      CpsLimit: 1,
      DefaultPhoneNumber: numbers[0],
      CallingRegions: ['US'],
      CidrAllowedList: ['10.0.0.0/27'],
      Disabled: false,
    },
    terminationCredentials: ['pbx-1'],
    origination: {
      Routes: [{ Host: '198.51.100.12', Port: 5060, Protocol: 'UDP', Priority: 1, Weight: 5 }],
      Disabled: false,
    },
    emergencyCallingConfiguration: {
      DNIS: [{ EmergencyPhoneNumber: '+12065550911', CallingCountry: 'US' }],
    },
  });
  state.tag(id, { team: 'voice' });
  numbers.slice(0, 3).forEach((e164, i) => {
    state.rename(e164, { name: `Desk ${i}`, callingName: `Acme ${i}` });
  });
  state.addGroup({
    name: 'Berlin',
    items: [
      { voiceConnectorId: id, priority: 2 },
      { voiceConnectorId: other, priority: 1 },
    ],
  });
}

/** Numbers that are none of the teardown's business: free, queued by somebody, and on a group. */
function addStrangers({ chime: { state } }: World, other: string): void {
  state.addNumber({ e164: '+13125550190' });
  state.addNumber({ e164: '+13125550191' });
  state.queue('+13125550191');
  const { voiceConnectorGroupId } = state.addGroup({
    name: 'Oslo',
    items: [{ voiceConnectorId: other, priority: 1 }],
  });
  state.addNumber({ e164: '+13125550192' });
  state.associate('+13125550192', voiceConnectorGroupId, 'VoiceConnectorGroupId');
}
