import { describe, expect, it } from 'vitest';
import type { FaultPower } from '../campaign/explain/power.ts';
import { describePower, formatPower } from './power.ts';

const found = (words: string, foundAfter: number): FaultPower => ({
  words,
  foundAfter,
  needs: null,
  tried: foundAfter,
});
const missed = (words: string, needs: string | null, tried = 1200): FaultPower => ({
  words,
  foundAfter: null,
  needs,
  tried,
});

const power = {
  batches: 1200,
  faults: [
    found('subtracts no maximum', 1),
    found('adds up in FP16', 1024),
    missed('adds up the first 65536 logits of a row', 'rows of over 65536 logits'),
    missed('adds up the first 131072 logits of a row', 'rows of over 131072 logits'),
    missed('takes -1e+30 for the maximum', null),
    missed('takes -5 for the maximum', null),
    missed('flushes', null, 400),
  ],
};

describe('describePower', () => {
  it('should name what is not found, one of those that differ by a number', () => {
    expect(describePower(power)).toBe(
      'these batches find 2 of 7 known faults, and not: adds up the first 65536 logits of a row (needs rows of over 65536 logits), takes -1e+30 for the maximum (none of them shows it), flushes (not shown by the first 400, and no more were tried), and 2 more: softmax-fuzz power',
    );
  });

  it('should say that all are found', () => {
    expect(describePower({ batches: 5, faults: power.faults.slice(0, 2) })).toBe(
      'these batches find all 2 known faults',
    );
  });
});

describe('formatPower', () => {
  it('should be a table of all', () => {
    expect(formatPower({ batches: 1200, faults: power.faults.slice(0, 3) })).toBe(
      [
        '    batches  fault: a kernel that',
        '          1  subtracts no maximum',
        '      1,024  adds up in FP16',
        '  not found  adds up the first 65536 logits of a row  (needs rows of over 65536 logits)',
      ].join('\n'),
    );
  });
});
