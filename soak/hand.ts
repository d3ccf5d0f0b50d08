/** What people do by hand in the course of a day, as far as the service lets them. */
import type { Deed } from './day.ts';
import type { Scene } from './scene.ts';

/** What somebody has done to a number: from then on it is, or may be, none of the teardown's. */
export interface Taken {
  readonly deed: Exclude<Deed, 'addNumber' | 'deleteConnector' | 'protect' | 'call' | 'joinGroup'>;
  /** Epoch ms. */
  readonly at: number;
  /** Whether the numbers were all released then: a teardown can see that it was not its own doing. */
  readonly isInWindow: boolean;
}

export class Hand {
  readonly #scene: Scene;
  /** The numbers that somebody has done something to, by E.164, with the last thing. */
  readonly taken = new Map<string, Taken>();
  /** Numbers that somebody has put on the connector though they were never on it. */
  readonly newcomers: string[] = [];
  /** All that was done, in order. */
  readonly done: Deed[] = [];

  constructor(scene: Scene) {
    this.#scene = scene;
  }

  /** Does it, where it can be done. */
  do(deed: Deed, nth: number, isInWindow: boolean): void {
    const { numbers } = this.#scene;
    const e164 = numbers[nth % numbers.length];
    if (e164 === undefined || !this.#act(deed, e164, isInWindow)) return;
    this.done.push(deed);
  }

  /** Takes a number off the connector: what the way out of a refusal may ask for. */
  takeOff(e164: string): void {
    this.#scene.world.chime.state.disassociate(e164);
    this.taken.set(e164, { deed: 'park', at: this.#now(), isInWindow: true });
  }

  #act(deed: Deed, e164: string, isInWindow: boolean): boolean {
    const { world, voiceConnectorId: id, otherConnectorId } = this.#scene;
    const { state } = world.chime;
    const number = state.number(e164);
    const isThere = state.connector(id) !== undefined;
    const take = (what: Taken['deed'], act: () => void): boolean => {
      act();
      this.taken.set(e164, { deed: what, at: this.#now(), isInWindow });
      return true;
    };
    switch (deed) {
      case 'park':
        return number?.holder?.value === id && take(deed, () => state.disassociate(e164));
      case 'move':
        return number !== undefined && take(deed, () => state.associate(e164, otherConnectorId));
      case 'putBack':
        return (
          number !== undefined &&
          number.holder === undefined &&
          isThere &&
          take(deed, () => state.associate(e164, id))
        );
      case 'reclaim':
        return number?.queuedAt !== undefined && take(deed, () => state.restore(e164));
      case 'failRelease':
        return number?.queuedAt !== undefined && take(deed, () => state.setStatus(e164, 'ReleaseFailed'));
      case 'portOut':
        return number !== undefined && take(deed, () => state.removeNumber(e164));
      case 'addNumber':
        return isThere && this.#addNumber(id);
      case 'deleteConnector':
        return isThere && this.#deleteConnector(id);
      case 'protect':
        if (isThere) state.tag(id, { 'teardown-protection': 'on' });
        return isThere;
      case 'call':
        world.cloudwatch.put({
          name: 'InboundCallAttempts',
          dimensions: { VoiceConnectorId: id, Region: 'us-east-1' },
          at: this.#now(),
        });
        return true;
      case 'joinGroup':
        if (isThere)
          state.addGroup({
            name: 'Rome',
            items: [id, otherConnectorId].map((voiceConnectorId, i) => ({
              voiceConnectorId,
              priority: i + 1,
            })),
          });
        return isThere;
    }
  }

  #addNumber(connectorId: string): boolean {
    const e164 = `+1312555${String(200 + this.newcomers.length).padStart(4, '0')}`;
    this.#scene.world.chime.state.addNumber({ e164, connectorId });
    this.newcomers.push(e164);
    return true;
  }

  /** The service lets nobody delete a connector that has numbers, or is in a group. */
  #deleteConnector(id: string): boolean {
    const { state } = this.#scene.world.chime;
    const isHeld = state.holds({ name: 'VoiceConnectorId', value: id });
    const isMember = state.groups
      .items()
      .some(({ items }) => items.some((each) => each.voiceConnectorId === id));
    if (isHeld || isMember) return false;
    state.deleteConnector(id);
    return true;
  }

  #now(): number {
    return this.#scene.world.clock.now().getTime();
  }
}
