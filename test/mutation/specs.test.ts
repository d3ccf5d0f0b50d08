import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import * as provided from './specs.ts';

const folder = new URL('../lambda/', import.meta.url);

describe('The mutation test', () => {
  it.each(readdirSync(folder))(
    "can load test/lambda/%s: it has what that asks for of Jest's interface",
    (file) => {
      const [, names = ''] =
        /^import \{(.*)\} from '@jest\/globals'/m.exec(readFileSync(new URL(file, folder), 'utf8')) ?? [];
      const asked = names.split(',').flatMap((name) => name.trim() || []);

      expect(Object.keys(provided)).toEqual(expect.arrayContaining(asked));
    },
  );
});
