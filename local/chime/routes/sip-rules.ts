import { nextToken, readPage } from '../paging.ts';
import { sipRuleJson } from '../wire.ts';
import type { Route } from './route.ts';

export const sipRuleRoutes: readonly Route[] = [
  {
    operation: 'ListSipRules',
    method: 'GET',
    path: '/sip-rules',
    run({ query }, { account, pageLimit }) {
      const { after, limit } = readPage('ListSipRules', query, pageLimit);
      const page = account.sipRules.page(after, limit, query['sip-media-application']);
      const token = nextToken('ListSipRules', query, page.next);
      return { status: 200, json: { SipRules: page.items.map(sipRuleJson), ...token } };
    },
  },
];
