import type { Synthesis } from '../local/synthesis.ts';

/**
 * The ledger's table as the template describes it, written out: most tests of steps need nothing else of the stack, which
 * takes seconds to synthesise. test/local/synthesis.test.ts compares the two.
 */
export const table: Synthesis['table'] = {
  TableName: 'TeardownLedgerTable47963DD8',
  KeySchema: [
    { AttributeName: 'voiceConnectorId', KeyType: 'HASH' },
    { AttributeName: 'item', KeyType: 'RANGE' },
  ],
  AttributeDefinitions: [
    { AttributeName: 'voiceConnectorId', AttributeType: 'S' },
    { AttributeName: 'item', AttributeType: 'S' },
  ],
};
