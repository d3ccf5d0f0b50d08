/**
 * Bodies of status 200 that are JSON, and not what was asked for. In angle brackets is what a test fills in: the
 * connector, its first number and that number's id, another connector's number, the group.
 */
export type Shape = readonly [what: string, body: unknown];

/** What there is in the place of an object. */
export function noObject(member: string): Shape[] {
  return [
    [`${member} is missing`, {}],
    [`${member} is null`, { [member]: null }],
    [`${member} is a string`, { [member]: 'x' }],
    [`${member} is a number`, { [member]: 5 }],
    [`${member} is a list`, { [member]: [] }],
    [`${member} is an empty object`, { [member]: {} }],
  ];
}

/** What there is in the place of a list of objects. */
export function noList(member: string): Shape[] {
  return [
    [`${member} is a list of numbers`, { [member]: [5] }],
    [`${member} is a list of strings`, { [member]: ['<number>'] }],
    [`${member} is a list of lists`, { [member]: [[]] }],
  ];
}

/** The same changes to a body that is right but for them. */
export function spoiling(
  wrap: (part: object) => object,
  right: object,
  changes: readonly (readonly [what: string, change: object])[],
): Shape[] {
  return changes.map(([what, change]) => [what, wrap({ ...right, ...change })]);
}

/** A number on the connector. */
export const assigned = {
  PhoneNumberId: '<id>',
  E164PhoneNumber: '<number>',
  Status: 'Assigned',
  Associations: [{ Name: 'VoiceConnectorId', Value: '<connector>' }],
};

/** Of a number, whatever it was asked for. */
export const noNumber: readonly (readonly [what: string, change: object])[] = [
  ['a number without an id', { PhoneNumberId: undefined }],
  ['a number with an empty id', { PhoneNumberId: '' }],
  ['a number without an E.164 form', { E164PhoneNumber: null }],
  ['a number without a status', { Status: undefined }],
  ['a number with a time that is a number', { CreatedTimestamp: 1_575_000_000 }],
  ['a number with a time that is none', { UpdatedTimestamp: 'yesterday' }],
];
