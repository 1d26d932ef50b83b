/**
 * The laws that budgets imply: of kernels in which the oracle finds nothing wrong, within the sum of the budgets of what is
 * compared. A kernel that broke one of them would have been acquitted wrongly.
 */
import { describe, expect, it } from 'vitest';
import { casesOf } from '../src/campaign/explore/cases.ts';
import { type Batch, rowOf } from '../src/core/batch.ts';
import type { Operation } from '../src/core/operation.ts';
import type { Target } from '../src/core/target.ts';
import { ulp } from '../src/float32/ulp.ts';
import { budgetOf } from '../src/judge/budget.ts';
import { createOracle } from '../src/oracle/exact.ts';
import { profileNamed } from '../src/row/profiles.ts';
import { builtinTarget } from '../src/targets/builtin.ts';
import { examine } from '../src/targets/examine.ts';
import { countComparisons } from './support/comparisons.ts';
import { correctDesigns } from './support/designs.ts';
import { byEffort } from './support/effort.ts';

const targets: readonly Target[] = [builtinTarget('stable'), ...correctDesigns];

const { at } = casesOf({ seed: 424242, saved: [], generation: { maxCols: 12, maxRows: 3 } });
const batches = Array.from({ length: byEffort(15, 40) }, (_, number) => at(number).batch).filter((batch) =>
  Array.from({ length: batch.rows }, (_, r) => Math.max(...rowOf(batch, r))).every(Number.isFinite),
);

/** A number of an answer, and how far from the exact one it may be. */
interface Sure {
  readonly got: number;
  readonly within: number;
}

/** What the target answers, where it has the operation and nothing is wrong with the answer. */
async function right(target: Target, operation: Operation, batch: Batch): Promise<readonly Sure[] | null> {
  if (target.kernel[operation] === undefined) return null;
  const oracle = createOracle(batch);
  const { output, violations } = await examine(target, operation, oracle);
  if (output === null || violations.length > 0) return null;
  return Array.from(output, (got, k) => {
    const allowed = budgetOf(operation, k, oracle, profileNamed(target.profile));
    return { got, within: Math.max(allowed, ulp(oracle.entry(operation, k).value.toNumber()) / 2) };
  });
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, x) => total + x, 0);
const gots = (numbers: readonly Sure[]) => sum(numbers.map(({ got }) => got));
const withins = (numbers: readonly Sure[]) => sum(numbers.map(({ within }) => within));

/** Whether `got` is `wanted` within `tolerance`, and what double precision loses. NaN is not. */
function isNear(got: number, wanted: number, tolerance: number): boolean {
  return got === wanted || Math.abs(got - wanted) <= tolerance * (1 + 1e-9) + 1e-13 * Math.abs(wanted);
}

const rowsOf = <T>(numbers: readonly T[], { rows, cols }: Batch): readonly (readonly T[])[] =>
  Array.from({ length: rows }, (_, r) => numbers.slice(r * cols, (r + 1) * cols));

/** A law of some operations of a target: throws where it is broken, and tells whose answers it has compared. */
type Law = (target: Target, batch: Batch, compared: (operation: Operation) => void) => Promise<void>;

/** Holds every target that has the `needed` operations to a law on every batch: the answers of each operation that it has are compared on this share of them at least. */
function check(operations: readonly Operation[], share: number, law: Law, needed: readonly Operation[] = []) {
  return async () => {
    const compared = countComparisons();
    for (const target of targets)
      for (const batch of batches)
        await law(target, batch, (operation) => compared.add(`${target.name}, ${operation}`));
    const wanted = targets
      .filter(({ kernel }) => needed.every((operation) => kernel[operation]))
      .flatMap(({ name, kernel }) =>
        operations.filter((operation) => kernel[operation]).map((operation) => `${name}, ${operation}`),
      );
    compared.expectOfEach(wanted, share * batches.length);
  };
}

/** Both answers to `operation` of a batch and of another that has the same exact answer, number k at `place(k)`. */
function unchanged(
  operations: readonly Operation[],
  other: (batch: Batch) => { readonly batch: Batch; readonly place: (k: number) => number } | null,
) {
  const law: Law = async (target, batch, compared) => {
    const variant = other(batch);
    if (variant === null) return;
    for (const operation of operations) {
      const a = await right(target, operation, batch);
      const b = await right(target, operation, variant.batch);
      if (a === null || b === null) continue;
      for (const [k, { got, within }] of a.entries()) {
        const twin: Sure = b[a.length === batch.logits.length ? variant.place(k) : k];
        if (!isNear(got, twin.got, within + twin.within)) {
          expect.fail(`${target.name}: ${operation}[${k}] of [${batch.logits}] is ${got}, and ${twin.got}`);
        }
      }
      compared(operation);
    }
  };
  return law;
}

/** The batch with c added to each logit, or null where that is not exact in FP32. */
function shifted(batch: Batch, c: number): Batch | null {
  const logits = batch.logits.map((x) => x + c);
  const isExact = logits.every(
    (y, k) => y - c === batch.logits[k] && Number.isFinite(y) === Number.isFinite(batch.logits[k]),
  );
  return isExact ? { ...batch, logits } : null;
}

/** The batch with its classes the other way round. */
function reversed(batch: Batch): { readonly batch: Batch; readonly place: (k: number) => number } {
  const { cols } = batch;
  const place = (k: number) => k - (k % cols) + cols - 1 - (k % cols);
  return {
    batch: {
      ...batch,
      logits: batch.logits.map((_, k) => batch.logits[place(k)]),
      targets: batch.targets.map((t) => cols - 1 - t),
    },
    place,
  };
}

/** Of central differences. The third derivative of ln p is p (1 - p) (1 - 2 p), at most 0.0963: they are off by a sixth of it times the step's square. */
const STEP = 2 ** -5;
const CURVATURE = (STEP ** 2 / 6) * 0.0963;

/** Whether FP32 has what is `change` more than x. */
const isMovable = (x: number, change: number): boolean =>
  Math.fround(x + change) === x + change && x + change - x === change;

const all: readonly Operation[] = ['softmax', 'logSoftmax', 'logSumExp', 'crossEntropy', 'crossEntropyGrad'];
const isInvariant = all.filter((operation) => operation !== 'logSumExp');

describe('a right answer', () => {
  it(
    'should sum to 1, if of softmax',
    check(['softmax'], 0.9, async (target, batch, compared) => {
      const answer = await right(target, 'softmax', batch);
      if (answer === null) return;
      for (const row of rowsOf(answer, batch))
        if (!isNear(gots(row), 1, withins(row))) expect.fail(`${target.name}: ${batch.logits}`);
      compared('softmax');
    }),
  );

  it(
    'should sum to 0 in each row, if a gradient, and have its signs',
    check(['crossEntropyGrad'], 0.9, async (target, batch, compared) => {
      const answer = await right(target, 'crossEntropyGrad', batch);
      if (answer === null) return;
      for (const [r, row] of rowsOf(answer, batch).entries()) {
        if (!isNear(gots(row), 0, withins(row) + 1e-15)) expect.fail(`${target.name}: ${batch.logits}`);
        for (const [i, { got, within }] of row.entries()) {
          expect(i === batch.targets[r] ? got : -got).toBeLessThanOrEqual(within);
        }
      }
      compared('crossEntropyGrad');
    }),
  );

  it(
    'should not change when a constant is added, but for the logSumExp',
    check(
      isInvariant,
      0.5,
      unchanged(isInvariant, (batch) => {
        const other: Batch | null = shifted(batch, -512) ?? shifted(batch, 1) ?? shifted(batch, 2 ** -20);
        return other && { batch: other, place: (k) => k };
      }),
    ),
  );

  it('should follow a permutation of the classes', check(all, 0.85, unchanged(all, reversed)));

  it(
    'should be a loss that is minus the logSoftmax at the targets, averaged',
    check(
      ['crossEntropy', 'logSoftmax'],
      0.75,
      async (target, batch, compared) => {
        const loss = await right(target, 'crossEntropy', batch);
        const logs = await right(target, 'logSoftmax', batch);
        if (loss === null || logs === null) return;
        const chosen = Array.from(batch.targets, (t, r) => logs[r * batch.cols + t]);
        const [wanted, allowed] = [-gots(chosen) / batch.rows, withins(chosen) / batch.rows];
        if (!Number.isFinite(wanted)) return;
        if (!isNear(loss[0].got, wanted, allowed + loss[0].within))
          expect.fail(`${target.name}: ${loss[0].got}, not ${wanted}, for ${batch.logits}`);
        compared('crossEntropy');
        compared('logSoftmax');
      },
      ['crossEntropy', 'logSoftmax'],
    ),
  );

  it(
    'should be a gradient that is the derivative of the loss of the kernel itself',
    check(
      ['crossEntropy'],
      0.5,
      async (target, batch, compared) => {
        const k = batch.logits.findIndex((x) => isMovable(x, STEP) && isMovable(x, -STEP));
        if (k === -1) return;
        const lossAt = async (change: number) =>
          right(target, 'crossEntropy', { ...batch, logits: batch.logits.with(k, batch.logits[k] + change) });
        const [above, below] = [await lossAt(STEP), await lossAt(-STEP)];
        const gradient = await right(target, 'crossEntropyGrad', batch);
        if (above === null || below === null || gradient === null || !Number.isFinite(above[0].got)) return;
        const slope = (above[0].got - below[0].got) / (2 * STEP);
        const noise = (above[0].within + below[0].within) / (2 * STEP);
        const { got, within } = gradient[k];
        if (!isNear(slope, got, noise + within + CURVATURE / batch.rows))
          expect.fail(`${target.name}: ${slope}, not ${got}, for ${batch.logits}`);
        compared('crossEntropy');
      },
      ['crossEntropy', 'crossEntropyGrad'],
    ),
  );
});
