import { describe, expect, it } from '@jest/globals';
import { lastFour, maskNumbers } from '../../lambda/words/mask.ts';

describe('A text that is masked', () => {
  it.each([
    ['+12065550100', 'in E.164'],
    ['12065550100', 'without its plus'],
    ['%2B12065550100', 'as an id of the service'],
    ['%2b12065550100', 'as an id in lower case'],
    ['%252B12065550100', 'as an id that was encoded once more'],
    ['2065550100', 'without its country'],
    ['(206) 555-0100', 'as Americans write it'],
    ['206-555-0100', 'with hyphens'],
    ['206.555.0100', 'with dots'],
    ['206 555 0100', 'with blanks'],
    ['+1 206 555 0100', 'with its country and blanks'],
    ['1-206-555-0100', 'with its country and hyphens'],
    ['+1 (206) 555-0100', 'with its country and brackets'],
    ['+442079460100', 'of another country'],
  ])('shows only the last four digits of %s, a number %s', (number) => {
    expect(maskNumbers(`Phone number ${number} is assigned.`)).toBe('Phone number …0100 is assigned.');
  });

  it.each(['"+12065550100"', '[+12065550100]', 'tel:+12065550100', '/phone-numbers/%2B12065550100?x'])(
    'shows only the last four digits of a number in %s',
    (text) => {
      expect(maskNumbers(text)).not.toMatch(/\d{5}/);
      expect(maskNumbers(text)).toContain('…0100');
    },
  );

  it('shows only the last four digits of a number without a blank behind its brackets', () => {
    expect(maskNumbers('Number (206)555-0100 is assigned.')).not.toContain('206');
  });

  it('has every number masked, not only the first', () => {
    expect(maskNumbers('+12065550100,+12065550101;+12065550102')).toBe('…0100,…0101;…0102');
  });

  it.each([
    'abcdef1ghij2klmno3pqr4',
    'a1234567890123456789z9',
    '12065550100abcdefghijk',
    '2026-01-05T09:00:00.000Z',
    '123456 of 500 numbers',
    'request 8f14e45f-ceea-467a-9575-25a1b2c3d4e5',
    '',
  ])('keeps %p, which holds no number', (text) => {
    expect(maskNumbers(text)).toBe(text);
  });

  it('does not change when it is masked again', () => {
    const masked = maskNumbers('Numbers +12065550100 and (206) 555-0101');
    expect(maskNumbers(masked)).toBe(masked);
  });
});

describe('One number', () => {
  it('is shown by its last four digits', () => {
    expect(lastFour('+12065550100')).toBe('…0100');
  });
});
