import { describe, expect, it } from 'vitest';
import { laidOut } from './terminal.ts';

const plain = { columns: 40, isColored: false };
const red = '\u001b[31m\u001b[1mFAIL\u001b[22m\u001b[39m';

describe('laidOut', () => {
  it('should break long lines at words, and go on below their text', () => {
    const text = '  Because     exp of a logit overflows FP32 (88.72284 and above)\n\nseed 1, 4.9 s';
    expect(laidOut(text, plain)).toBe(
      '  Because     exp of a logit overflows\n              FP32 (88.72284 and above)\n\nseed 1, 4.9 s',
    );
    expect(laidOut('        also softmax zeroed, inaccurate, nan, special-value', plain)).toBe(
      '        also softmax zeroed, inaccurate,\n        nan, special-value',
    );
  });

  it('should leave lines whole that are to be copied, words that are longer, and everything in a pipe', () => {
    const copied =
      '  Replay      npx softmax-fuzz replay reports/latest/findings/65fcd776.json --target ./mine.mjs';
    expect(laidOut(copied, plain)).toBe(copied);
    const word = `  Detail      ${'x'.repeat(60)} y`;
    expect(laidOut(word, plain)).toBe(word);
    const long = 'word '.repeat(50);
    expect(laidOut(long, { ...plain, columns: undefined })).toBe(long);
  });

  it('should lose no word at any width', () => {
    const text =
      '  Also        softmax zeroed, inaccurate; logSoftmax nan, infinite; logSumExp threw (9 more)';
    const words = (line: string) => line.split(/\s+/).filter((word) => word !== '');
    for (let columns = 1; columns < 120; columns++)
      expect(words(laidOut(text, { columns, isColored: false }))).toEqual(words(text));
  });

  it('should color verdicts and labels, and nothing else', () => {
    const colored = (text: string) => laidOut(text, { columns: undefined, isColored: true });
    expect(colored('FAIL  mine: softmax/nan')).toBe(`${red}  mine: softmax/nan`);
    expect(colored('mine: every property held  (1 batch)')).toBe(
      'mine: \u001b[32mevery property held\u001b[39m  (1 batch)',
    );
    expect(colored('  Simplest    softmax([89])')).toBe('\u001b[2m  Simplest\u001b[22m    softmax([89])');
    expect(colored('seed 1, 4.9 s')).toBe('seed 1, 4.9 s');
    expect(colored('FAILURE')).toBe('FAILURE');
  });
});
