import { describe, expect, it } from 'vitest';
import { splitWords } from './words.ts';

describe('splitWords', () => {
  it.each([
    ['python3 adapter.py  numpy', ['python3', 'adapter.py', 'numpy']],
    [`'my program' "it's" a\\ b`, ['my program', "it's", 'a b']],
    [`a"b c"'d e'`, ['ab cd e']],
    [`'' "\\"" '\\'`, ['', '"', '\\']],
    [' ', []],
    ['$HOME *', ['$HOME', '*']],
  ])('should split %j', (line, words) => {
    expect(splitWords(line)).toEqual(words);
  });

  it('should refuse a quote that is not closed', () => {
    expect(() => splitWords('a "b')).toThrow('a " is not closed');
  });
});
