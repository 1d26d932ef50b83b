/** What a schema says is wrong, in words for people. */

const kinds: Readonly<Record<string, string>> = {
  string: 'a string',
  number: 'a number',
  boolean: 'true or false',
  Object: 'an object',
  Array: 'an array',
};

/** `expected a string, got 89`, `there is no such key`, `"rows" is missing`; a message of our own as it is. */
export function describeIssue({ message }: { readonly message: string }): string {
  const [, what, expected = '', received = ''] =
    /^Invalid (key|type): Expected (.+?) but received (.+)$/s.exec(message) ?? [];
  if (what === undefined) return message;
  if (what === 'key') return expected === 'never' ? 'there is no such key' : `${expected} is missing`;
  const choices = expected.replace(/^\((.*)\)$/, '$1').split(' | ');
  return `expected ${choices.map((each) => kinds[each] ?? each).join(' or ')}, got ${received}`;
}
