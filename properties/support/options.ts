/** Batches with options: those that kernels are known to fail by, and any. */
import { numericFamilies } from '../../src/arbitraries/families.ts';
import { batchGenerator } from '../../src/arbitraries/generate.ts';
import type { Batch } from '../../src/core/batch.ts';
import type { OptionName, Options, ScoreName } from '../../src/core/options.ts';
import { createRandom, type Random } from '../../src/core/random.ts';
import { fromBits } from '../../src/float32/bits.ts';
import { optionSpecs, scoreNames, withOptions } from '../../src/options/index.ts';
import type { Domain } from '../../src/options/stage.ts';
import { createOracle } from '../../src/oracle/exact.ts';
import { isSpecial } from '../../src/row/row.ts';

const { NEGATIVE_INFINITY: MASKED } = Number;

/** A finite FP32 value of any size, and either sign. */
function anyNumber(random: Random): number {
  const value = fromBits(random.word());
  return Number.isFinite(value) ? value : 1;
}

/** A value of about this size, with the sign. */
const near = (random: Random, size: number): number => Math.fround(size * (2 * random.unit() - 1));

const drawsOfScores: {
  readonly [O in ScoreName]-?: (batch: Batch, random: Random) => NonNullable<Options[O]>;
} = {
  scale: (_, random) =>
    random.chance(0.1)
      ? anyNumber(random)
      : random.pick([128 ** -0.5, 0.7, 1 / 3, 1e-3, 100, 1e6, -0.7, 0, 0.25, near(random, 4)]),
  temperature: (_, random) =>
    random.chance(0.1)
      ? 2 ** (random.below(252) - 126) * (1 + random.below(2 ** 23) * 2 ** -23)
      : random.pick([128 ** 0.5, 0.7, 3, 1e-3, 100, 1e6, 8, 0.07, Math.abs(near(random, 4)) + 0.01]),
  softcap: (_, random) =>
    random.chance(0.1)
      ? Math.max(Math.abs(anyNumber(random)), 2 ** -149)
      : random.pick([1, 30, 50, 1e-3, 1e6, Math.abs(near(random, 10)) + 1e-6]),
  bias({ rows, cols }, random) {
    const kind = random.below(4);
    const slope = near(random, 1);
    const one = (k: number): number => {
      if (kind === 0)
        return random.chance(0.3) ? random.pick([MASKED, -1e4, -1e9, -3.4028234663852886e38]) : 0;
      if (kind === 1) return Math.fround(-Math.abs(slope) * (cols - 1 - (k % cols)));
      return kind === 2 ? near(random, 20) : random.pick([near(random, 1e4), near(random, 1), 0]);
    };
    return Float32Array.from({ length: random.chance(0.5) ? cols : rows * cols }, (_, k) => one(k));
  },
  mask({ rows, cols }, random) {
    const hidden = random.pick([0.1, 0.5, 0.8]);
    return Uint8Array.from({ length: random.chance(0.5) ? cols : rows * cols }, () =>
      random.chance(hidden) ? 0 : 1,
    );
  },
  sink({ rows, logits }, random) {
    const one = (): number =>
      random.chance(0.5)
        ? random.pick([0, -100, 20, 88, 120, MASKED, near(random, 50)])
        : Math.fround((Number.isFinite(logits[0]) ? logits[0] : 0) + random.pick([-20, 0, 1, 89]));
    const single = one();
    if (random.chance(0.5)) return Number.isFinite(single) || single === MASKED ? single : 0;
    return Float32Array.from({ length: rows }, one).map((value) =>
      value < Number.POSITIVE_INFINITY ? value : 0,
    );
  },
};

/** A value of the option. */
function drawn(name: OptionName, batch: Batch, random: Random): unknown {
  const { draw } = optionSpecs[name] as Domain<unknown>;
  return Object.hasOwn(drawsOfScores, name)
    ? drawsOfScores[name as ScoreName](batch, random)
    : draw(random, batch.rows, batch.cols);
}

/** The batch with options of these names. */
export function drawOptions(batch: Batch, names: readonly OptionName[], random: Random): Batch {
  return withOptions(batch, Object.fromEntries(names.map((name) => [name, drawn(name, batch, random)])));
}

/** What options are drawn: each alone, and random combinations of at least two. */
export const optionSets: readonly (ScoreName | 'several')[] = [...scoreNames, 'several'];

/** `count` batches of all families with options of this set. */
export function batchesWith(
  set: ScoreName | 'several',
  count: number,
  seed: number,
  size: { readonly maxRows?: number; readonly maxCols?: number } = {},
): Batch[] {
  const random = createRandom([seed, 7, 8, 9]);
  const draw = numericFamilies.map(({ name }) =>
    batchGenerator({ families: [name], maxCols: 10, maxRows: 2, ...size, upstream: true }),
  );
  return Array.from({ length: count }, (_, k) => {
    const { batch } = draw[k % draw.length](random);
    const several = scoreNames.filter(() => random.chance(0.6));
    return drawOptions(
      batch,
      set === 'several' ? (several.length < 2 ? scoreNames : several) : [set],
      random,
    );
  });
}

/** Whether every row has a finite maximum. */
export function hasOrdinaryRows(batch: Batch): boolean {
  return createOracle(batch).approximate.every(({ kind }) => !isSpecial(kind));
}
