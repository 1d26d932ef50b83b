import { describe, expect, it } from 'vitest';
import { inert, visible } from './inert.ts';

describe('visible', () => {
  it('should show what is not seen, or turns the rest around', () => {
    expect(visible('a\u202eb\u0000\x1b[31m\ud800\u200b\u2028\u0085 é 漢 😀\n')).toBe(
      'a\\u{202e}b\\u{0}\\u{1b}[31m\\u{d800}\\u{200b}\\u{2028}\\u{85} é 漢 😀\n',
    );
  });
});

describe('inert', () => {
  it.each([
    ['plain text, 100 %', 'plain text, 100 %'],
    ['a\r\n  b\tc', 'a b c'],
    ['\u001b[31mred\u0007', '\\u{1b}[31mred\\u{7}'],
    ['left\u202eright\u200b', 'left\\u{202e}right\\u{200b}'],
    ['::error::x', '\\u{3a}:error::x'],
    [' \n::error::x', '\\u{3a}:error::x'],
    ['ns::softmax', 'ns::softmax'],
    ['a ##[error]x ##[x', 'a #\\u{23}[error]x #\\u{23}[x'],
    [`${'a'.repeat(5_000)}${'z'.repeat(5_000)}`, `${'a'.repeat(100)}…${'z'.repeat(99)}`],
    ['😀'.repeat(200), '😀'.repeat(200)],
    ['😀'.repeat(201), `${'😀'.repeat(100)}…${'😀'.repeat(99)}`],
  ])('should make of %j a part of a line', (text, shown) => {
    expect(inert(text)).toBe(shown);
  });
});
