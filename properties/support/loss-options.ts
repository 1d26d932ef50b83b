/** Batches with the options of a loss, and an independent evaluation of the loss and of its gradient. */
import { numericFamilies } from '../../src/arbitraries/families.ts';
import { batchGenerator } from '../../src/arbitraries/generate.ts';
import type { Batch } from '../../src/core/batch.ts';
import { type LossName, type Options, reductions } from '../../src/core/options.ts';
import { createRandom, type Random } from '../../src/core/random.ts';
import { type Semantics, semanticsNamed } from '../../src/core/semantics.ts';
import { drawIgnored, drawOptions, lossNames, scoreNames } from '../../src/options/index.ts';
import { asTaken } from '../../src/options/taken.ts';
import { type Decimal, decimalOf, type Wide } from '../../src/row/decimal.ts';

/** What to draw beside the options of a loss. */
export interface LossDraws {
  readonly maxRows?: number;
  readonly maxCols?: number;
  /** Whether options of scores are drawn too, and the semantics of other libraries. @defaultValue false */
  readonly isMixed?: boolean;
  readonly names?: readonly LossName[];
  /** Whether no logit is masked. @defaultValue false */
  readonly isUnmasked?: boolean;
}

/** `count` batches of all families with options of a loss, each there or not. */
export function lossBatches(count: number, seed: number, draws: LossDraws = {}): Batch[] {
  const { maxRows = 4, maxCols = 9, isMixed = false, names = lossNames, isUnmasked = false } = draws;
  const random = createRandom([seed, 1, 2, 3]);
  const generators = numericFamilies
    .filter(({ name }) => !isUnmasked || name !== 'masks')
    .map(({ name }) => batchGenerator({ families: [name], maxRows, maxCols }));
  return Array.from({ length: count }, (_, k) => {
    const { batch } = generators[k % generators.length](random);
    const logits = isUnmasked ? batch.logits.map((x) => (Number.isFinite(x) ? x : -1e30)) : batch.logits;
    return withLossOptions({ ...batch, logits }, random, names, isMixed);
  });
}

function withLossOptions(batch: Batch, random: Random, names: readonly LossName[], isMixed: boolean): Batch {
  const all = isMixed && random.chance(0.5) ? [...scoreNames, ...names] : names;
  const options: Options = { reduction: random.pick(reductions), ...drawOptions(random, all, batch) };
  const drawn = { options, hidden: null, ignored: drawIgnored(random, batch.rows) };
  const given = asTaken(batch, { names: [...all, 'reduction'], fixed: {} }, drawn);
  const semantics = random.pick(Object.values<Semantics>(semanticsNamed));
  return isMixed && random.chance(0.3) ? { ...given, semantics } : given;
}

/** What a row's loss is made of, and all that the gradient needs. */
interface Parts {
  readonly losses: Decimal[];
  readonly squares: Decimal[];
}

/**
 * The losses of rows of `logits`, and zLoss lse^2 of each, straight from the definition with the digits of `D`. A smoothed loss is the sum of the loss with the
 * hard targets and of the mean loss over classes.
 */
function partsOf(D: typeof Wide, batch: Batch, logits: readonly Decimal[][]): Parts {
  const { cols, targets, options = {} } = batch;
  const { classWeights, rowWeights, labelSmoothing = 0, probabilities, ignoreIndex, zLoss = 0 } = options;
  const e = decimalOf(labelSmoothing);
  const weight = (j: number): Decimal => decimalOf(classWeights?.[j] ?? 1);
  const losses: Decimal[] = [];
  const squares: Decimal[] = [];
  for (const [r, x] of logits.entries()) {
    const isIgnored = probabilities === undefined && targets[r] === ignoreIndex;
    const lse = D.ln(x.map((each) => D.exp(each)).reduce((a, b) => D.add(a, b)));
    const ofClass = (j: number): Decimal => D.mul(weight(j), D.sub(lse, x[j]));
    let hard = new D(0);
    let spread = new D(0);
    for (let j = 0; j < cols; j++) {
      const t = probabilities === undefined ? Number(j === targets[r]) : probabilities[r * cols + j];
      hard = D.add(hard, D.mul(decimalOf(t), ofClass(isIgnored ? 0 : j)));
      spread = D.add(spread, ofClass(j));
    }
    const loss = D.add(D.mul(D.sub(1, e), hard), D.div(D.mul(e, spread), cols));
    const own = decimalOf(isIgnored ? 0 : (rowWeights?.[r] ?? 1));
    losses.push(D.mul(own, loss));
    squares.push(D.mul(own, D.mul(decimalOf(zLoss), D.mul(lse, lse))));
  }
  return { losses, squares };
}

/** The loss with PyTorch's semantics, as its reduction has it: of rows that are not special, and a divisor that is not 0. */
export function lossOf(D: typeof Wide, batch: Batch, logits: readonly Decimal[][]): Decimal[] {
  const { targets, options = {} } = batch;
  const { classWeights, rowWeights, probabilities, ignoreIndex, reduction = 'mean' } = options;
  const { losses, squares } = partsOf(D, batch, logits);
  if (reduction === 'none') return losses.map((loss, r) => D.add(loss, squares[r]));
  const rows = [...targets.keys()].filter((r) => probabilities !== undefined || targets[r] !== ignoreIndex);
  const owns = rows.map((r) => decimalOf(rowWeights?.[r] ?? 1));
  const weights = rows.map((r, k) =>
    D.mul(owns[k], decimalOf(probabilities === undefined ? (classWeights?.[targets[r]] ?? 1) : 1)),
  );
  const isMean = reduction === 'mean';
  const sum = (all: readonly Decimal[]): Decimal => all.reduce((a, b) => D.add(a, b), new D(0));
  const total = D.div(sum(losses), isMean ? sum(weights) : 1);
  return [D.add(total, D.div(sum(squares), isMean ? sum(owns) : 1))];
}
