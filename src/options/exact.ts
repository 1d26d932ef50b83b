/** A row's reals z with some number of digits, and dz / dx. */
import { keep } from '../core/keep.ts';
import { once } from '../core/once.ts';
import { type Decimal, decimalOf, Wide, ZERO } from '../row/decimal.ts';
import type { ExactLogits } from '../row/view.ts';
import type { RowStage } from './view.ts';

const ONE = new Wide(1);

/** A logit on its way. */
interface Passed {
  readonly value: Decimal;
  readonly slope: () => Decimal;
}

/**
 * z of `logits`, by stages whose rounded results are FP32 values, and of the logits that join. Logits that come to be equal on the same way share
 * their Decimal: of each stage, those with the same x and the same number of the option.
 */
export function exactLogits(
  logits: Float32Array,
  stages: readonly RowStage[],
  joined: readonly number[],
  digits: number,
): ExactLogits {
  const begin = stages.findLastIndex(({ isRead }) => isRead) + 1;
  const first = begin === 0 ? logits : stages[begin - 1].y;
  let passed = Array.from(
    first,
    keep((x: number): Passed => ({ value: decimalOf(x), slope: () => ONE })),
  );
  for (const [k, { spec, value, r }] of stages.entries()) {
    const pass = keep((a: number) =>
      keep((before: Passed): Passed => {
        const x = k < begin ? ZERO : before.value;
        const { slope } = spec;
        return {
          value: k < begin ? before.value : spec.exact(x, a, digits),
          slope: slope === null ? before.slope : once(() => times(before.slope, slope.exact(x, a, digits))),
        };
      }),
    );
    passed = passed.map((before, i) => pass(spec.at(value, r, logits.length, i))(before));
  }
  return {
    values: [...passed.map(({ value }) => value), ...joined.map(decimalOf)],
    isExact: stages.every(({ spec }) => spec.isExact),
    slopeAt: stages.every(({ spec }) => spec.slope === null) ? null : (i) => passed[i].slope(),
  };
}

/** The product, without the first where the second is 0. */
function times(first: () => Decimal, second: Decimal): Decimal {
  return second.isZero() ? ZERO : Wide.mul(first(), second);
}
