import { uuidFrom } from './draw.ts';
import { Listing } from './listing.ts';
import type { Page } from './number-index.ts';

export interface NewSipRule {
  readonly name: string;
  readonly triggerType: 'RequestUriHostname' | 'ToPhoneNumber';
  /** A connector's outbound host name, or a number in E.164, as the type has it. */
  readonly triggerValue: string;
  /** Default false. */
  readonly disabled?: boolean | undefined;
}

/** One SIP rule of the account. Times are epoch ms. */
export interface SipRule extends Required<NewSipRule> {
  /** Place in the listing. */
  readonly serial: number;
  readonly sipRuleId: string;
  readonly disabled: boolean;
  /** The application that takes the calls: every rule has one. */
  readonly sipMediaApplicationId: string;
  readonly createdAt: number;
}

/** The account's SIP rules in the order of their creation. */
export class SipRules {
  readonly #seed: string;
  readonly #listing = new Listing<SipRule>();
  #created = 0;

  constructor(seed: string) {
    this.#seed = seed;
  }

  items(): SipRule[] {
    return this.#listing.items();
  }

  /** One page of the rules, or of those that lead to the application. */
  page(after: number, limit: number, application?: string): Page<SipRule> {
    const fits = (rule: SipRule) => application === undefined || rule.sipMediaApplicationId === application;
    return this.#listing.page(after, limit, fits);
  }

  /** The ids follow from the seed and from how many rules were made before. */
  create(at: number, { name, triggerType, triggerValue, disabled = false }: NewSipRule): SipRule {
    this.#created += 1;
    const serial = this.#created;
    const rule: SipRule = {
      serial,
      sipRuleId: uuidFrom(this.#seed, 'sip-rule', serial),
      name,
      triggerType,
      triggerValue,
      disabled,
      sipMediaApplicationId: uuidFrom(this.#seed, 'sip-media-application', serial),
      createdAt: at,
    };
    this.#listing.set(rule.sipRuleId, rule);
    return rule;
  }

  delete(id: string): void {
    if (!this.#listing.get(id)) throw new Error(`There is no SIP rule ${id} in local Chime.`);
    this.#listing.delete(id);
  }
}
