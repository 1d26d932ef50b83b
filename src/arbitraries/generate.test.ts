import { describe, expect, it } from 'vitest';
import { createRandom } from '../core/random.ts';
import { formats } from '../formats/index.ts';
import { UserError } from '../text/errors.ts';
import { families } from './families.ts';
import { batchGenerator, generateLabelled } from './generate.ts';

const seed = [0x452821e6, 0x38d01377, 0xbe5466cf, 0x34e90c6c] as const;

describe('batchGenerator', () => {
  it('should name the family of each row', () => {
    const generate = batchGenerator({ rows: 5 });
    const known = new Set(families.map(({ name }) => name));
    const random = createRandom(seed);
    const labels = Array.from({ length: 200 }, () => generate(random).families);
    expect(labels.every((names) => names.length === 5 && names.every((name) => known.has(name)))).toBe(true);
  });

  it('should mix families within most batches and keep to one in some', () => {
    const generate = batchGenerator({ rows: 6 });
    const random = createRandom(seed);
    const pure = Array.from({ length: 1000 }, () => new Set(generate(random).families).size).filter(
      (n) => n === 1,
    );
    expect(pure.length / 1000).toBeGreaterThan(0.08);
    expect(pure.length / 1000).toBeLessThan(0.2);
  });

  it('should draw from the families named alone', () => {
    const generate = batchGenerator({ families: ['masks', 'ties'] });
    const random = createRandom(seed);
    const names = new Set(Array.from({ length: 100 }, () => generate(random).families).flat());
    expect(names).toEqual(new Set(['masks', 'ties']));
  });

  it('should draw rows as long as asked for', () => {
    const { batch } = batchGenerator({ rows: 2, cols: 100_000 })(createRandom(seed));
    expect([batch.rows, batch.cols, batch.logits.length, batch.targets.length]).toEqual([
      2, 100_000, 200_000, 2,
    ]);
  });

  it.each(['fp16', 'bf16'] as const)(
    'should draw what a loss is multiplied by in numbers of %s',
    (format) => {
      const generate = batchGenerator({ maxCols: 5, options: ['classWeights', 'probabilities', 'upstream'] });
      const random = createRandom(seed);
      const drawn = Array.from({ length: 600 }, () => generate(random, undefined, format).drawn.options);
      const numbers = drawn.flatMap(({ classWeights = [], probabilities = [], upstream = [] }) => [
        ...classWeights,
        ...probabilities,
        ...(typeof upstream === 'number' ? [upstream] : upstream),
      ]);
      expect(numbers.length).toBeGreaterThan(500);
      expect(numbers.filter((each) => formats[format].round(each) !== each)).toEqual([]);
    },
  );

  it('should reject options before the first batch', () => {
    expect(() => batchGenerator({ cols: 0 })).toThrow(UserError);
    expect(() => batchGenerator({ families: ['offset'] })).toThrow("there is no family named 'offset'");
  });
});

describe('generateLabelled', () => {
  it('should draw what a generator of the same options draws', () => {
    const options = { maxCols: 9, families: ['bits'] };
    expect(generateLabelled(createRandom(seed), options)).toEqual(
      batchGenerator(options)(createRandom(seed)),
    );
  });
});
