import { describe, expect, it } from 'vitest';
import { laws } from '../core/law.ts';
import { createTarget } from '../targets/create.ts';
import { lawsAt } from './turn.ts';

const target = createTarget('test', {}, { batchInvariant: true });

describe('lawsAt', () => {
  it('should ask all laws at the given cases', () => {
    expect(lawsAt(-1, target)).toEqual(laws);
    expect(lawsAt(-7, { ...target, laws: ['view'] })).toEqual(['view']);
  });

  it('should ask one law of every sixteenth generated case, each in turn', () => {
    const asked = Array.from({ length: 960 }, (_, number) => lawsAt(number, target));
    expect(asked.filter((each) => each.length > 0).length).toBe(60);
    for (const law of laws) expect(asked.filter((each) => each.includes(law)).length).toBe(10);
    expect(asked[16]).toEqual([laws[1]]);
  });

  it('should leave out the turn of a law that the target is not held to', () => {
    const numbers = Array.from({ length: 960 }, (_, number) => number);
    expect(numbers.flatMap((number) => lawsAt(number, createTarget('test', {}, { views: false })))).toEqual(
      numbers
        .flatMap((number) => lawsAt(number, target))
        .filter((law) => law !== 'view' && law !== 'batch-invariant'),
    );
  });
});
