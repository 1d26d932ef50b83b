import { describe, expect, it } from 'vitest';
import { describeReturned, describeThrown } from './describe.ts';

/** An object that cannot be turned into text: it has no toString. */
const bare = Object.create(null);

describe('describeThrown', () => {
  it.each([
    [new RangeError('too long'), 'RangeError: too long'],
    [new Error('two\n\tlines'), 'Error: two lines'],
    [new Error('\u001b[31mred\u0000'), 'Error: \\u{1b}[31mred\\u{0}'],
    ['text', "'text'"],
    [undefined, 'undefined'],
    [Symbol('s'), 'Symbol(s)'],
    [{ code: 1 }, '{ code: 1 }'],
    [bare, '[Object: null prototype] {}'],
  ])('should be $1', (thrown, text) => {
    expect(describeThrown(thrown)).toBe(text);
  });

  it('should cut long messages', () => {
    expect(describeThrown(new Error('x'.repeat(10_000)))).toMatch(/^Error: x{93}…x{99}$/);
  });
});

describe('describeReturned', () => {
  it.each([
    [new Float64Array(3), 'Float64Array(3)'],
    [[1, 2], 'Array(2)'],
    [null, 'null'],
    [Number.NaN, 'NaN'],
    [12n, '12n'],
    [Symbol('s'), 'Symbol(s)'],
    [() => 1, '[Function (anonymous)]'],
    [{ loss: 1, rows: [1] }, '{ loss: 1, rows: [Array] }'],
    [new Map(), 'Map(0) {}'],
    [bare, '[Object: null prototype] {}'],
  ])('should be $1', (returned, text) => {
    expect(describeReturned(returned)).toBe(text);
  });
});
