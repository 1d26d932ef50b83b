/** Adversarial batches, drawn directly: the path of a campaign. The one through fast-check is in batches.ts. */
import type { Batch } from '../core/batch.ts';
import { onGrid, toGrid } from '../core/grid.ts';
import { fitted } from '../core/limits.ts';
import type { OptionName, Options } from '../core/options.ts';
import { createRandom, type Random } from '../core/random.ts';
import type { Format } from '../formats/format.ts';
import { type FormatName, formats, fp32 } from '../formats/index.ts';
import { drawIgnored, drawOptions, lossNames } from '../options/index.ts';
import { type Drawn, noneDrawn } from '../options/taken.ts';
import { type Family, familiesNamed, nonFiniteFamily, numericFamilies } from './families.ts';
import { limitsOf, type Shape, type ShapeOptions, shapeGenerator } from './shape.ts';
import { drawTarget } from './target.ts';
import { drawUpstream } from './upstream.ts';

/** Which batches to draw. */
export interface BatchOptions extends ShapeOptions {
  /** The names of the families to draw rows from: all but `non-finite` unless given. */
  readonly families?: readonly string[] | undefined;
  /** Whether to draw upstream values too, for vector-Jacobian products. They change no logits. @defaultValue false */
  readonly upstream?: boolean | undefined;
  /** The options to draw: in half of the batches none, in the others each there or not. They change no logits. @defaultValue none */
  readonly options?: readonly OptionName[] | undefined;
}

/** A batch and the family that each of its rows came from, by name. */
export interface LabelledBatch {
  readonly batch: Batch;
  readonly families: readonly string[];
  /** The options, which are no part of the batch yet: an operation takes some of them. */
  readonly drawn: Drawn;
}

/** A shape to fill. */
export interface BatchRequest extends Shape {
  /** The family of every row, by name, with what is singular in row i at index `from + i`; or of the last row alone, there at its end. */
  readonly diagonal?: { readonly family: string; readonly from: number | 'end' };
}

/** Draws a batch from a stream: as requested, or of a shape drawn too; on the grid of a format, FP32 unless given. */
export type BatchGenerator = (random: Random, request?: BatchRequest, format?: FormatName) => LabelledBatch;

/** Rows above this take the long weights of their families: sums in FP16 stall there, and others lose digits. */
const LONG_ROW = 2048;

/** The share of non-finite rows beside the one that makes a batch non-finite. */
const MORE_NON_FINITE = 1 / 8;

/**
 * A generator of batches. What it draws depends on `options` and the stream alone. The rows come from families drawn
 * independently, and in one batch of eight all from one.
 *
 * Logits are finite or -Infinity unless the family `non-finite` is named: then it has its share of the batches, of each of
 * which one row is from it, and few others. Most batches stay finite, however many rows they have.
 * @throws UserError when a size is not a positive integer or a family does not exist.
 */
export function batchGenerator(options: BatchOptions = {}): BatchGenerator {
  const drawShape = shapeGenerator(options);
  const limits = limitsOf(options);
  const chosen = options.families === undefined ? numericFamilies : familiesNamed(options.families);
  const numeric = chosen.filter((family) => family !== nonFiniteFamily);
  const wheel = wheelOf(numeric);
  const longWheel = wheelOf(
    numeric.map((family) => ({ ...family, weight: family.longWeight ?? family.weight })),
  );
  const nonFinite = 1 - wheel.length / weightOf(chosen);
  const more = wheel.length === 0 ? 1 : MORE_NON_FINITE;

  return (random, request = drawShape(random), format = 'fp32') => {
    const grid = formats[format];
    const { diagonal } = request;
    const { rows, cols } = fitted(request, limits);
    const ofDiagonal = numeric.find(({ name }) => name === diagonal?.family);
    const logits = new Float32Array(rows * cols);
    const targets = new Int32Array(rows);
    const names: string[] = [];
    const families = cols > LONG_ROW ? longWheel : wheel;
    const isPure = random.chance(1 / 8) && wheel.length > 0;
    const isOfLast = diagonal?.from === 'end';
    const only =
      isOfLast || ofDiagonal === undefined ? (isPure ? random.pick(families) : undefined) : ofDiagonal;
    const isSpoilt = (isOfLast || ofDiagonal === undefined) && random.chance(nonFinite);
    const spoilt = isSpoilt ? random.below(rows) : -1;
    for (let i = 0; i < rows; i++) {
      const isNonFinite = isSpoilt && (i === spoilt || random.chance(more));
      const ofAll = isOfLast && i === rows - 1 ? ofDiagonal : only;
      const family = isNonFinite ? nonFiniteFamily : (ofAll ?? random.pick(families));
      const row = rows === 1 ? logits : logits.subarray(i * cols, (i + 1) * cols);
      family.fill(random, row, grid, ofAll === ofDiagonal ? singularIn(i, cols, diagonal) : undefined);
      if (grid !== fp32) row.set(onGrid(row, grid));
      targets[i] = drawTarget(random, row);
      names.push(family.name);
    }
    // The streams of both are taken where one is, so that options are the same with upstream values and without.
    const ofUpstream = options.upstream || options.options ? streamOfItsOwn(random) : null;
    const upstream = options.upstream && ofUpstream ? drawUpstream(ofUpstream, rows, cols) : null;
    const batch: Batch = { rows, cols, logits, targets, upstream };
    const drawn = options.options ? drawnFor(streamOfItsOwn(random), options.options, batch) : noneDrawn;
    if (format === 'fp32') return { batch, families: names, drawn };
    return {
      batch: { ...batch, upstream: upstream && onGrid(upstream, grid), format },
      families: names,
      drawn: { ...drawn, options: amountsOnGrid(drawn.options, grid) },
    };
  };
}

/** Where row `i` has what is singular in it. */
function singularIn(i: number, cols: number, diagonal: BatchRequest['diagonal']): number | undefined {
  if (diagonal === undefined) return undefined;
  return diagonal.from === 'end' ? cols - 1 : Math.min(diagonal.from + i, cols - 1);
}

/** One batch of {@link batchGenerator}, for a stream of its own. Throws as it does. */
export function generateLabelled(random: Random, options?: BatchOptions): LabelledBatch {
  return batchGenerator(options)(random);
}

/** What hidden logits may hold that no kernel may read, a quarter of the time each. */
const hiding = [Number.NaN, Number.POSITIVE_INFINITY, 1e30, null] as const;

/** Options of the scores in half of the batches, of losses in half: what most calls are given is tried most, and the rest takes twice the time. */
function drawnFor(random: Random, names: readonly OptionName[], batch: Batch): Drawn {
  const ofScores = names.filter((name) => !lossNames.some((each) => each === name));
  const scores = random.chance(0.5)
    ? noneDrawn
    : { ...noneDrawn, options: drawOptions(random, ofScores, batch), hidden: random.pick(hiding) };
  const ofLosses = names.filter((name) => !ofScores.includes(name));
  if (ofLosses.length === 0 || random.chance(0.5)) return scores;
  const options = { ...scores.options, ...drawOptions(random, ofLosses, batch) };
  const ignored = drawIgnored(random, batch.rows);
  const { probabilities } = options;
  if (probabilities === undefined || random.chance(0.5)) return { ...scores, options, ignored };
  return { ...scores, options: { ...options, probabilities: ofUnmasked(probabilities, batch) }, ignored };
}

/** Probabilities with 0 for masked logits, whose loss is infinite, as labels have it. */
function ofUnmasked(probabilities: Float32Array, { logits }: Batch): Float32Array {
  return probabilities.map((each, k) => (logits[k] === Number.NEGATIVE_INFINITY ? 0 : each));
}

/** The options with what a loss is multiplied by on a grid: many kernels take it in the format of the logits alone. */
function amountsOnGrid(options: Options, grid: Format): Options {
  const { classWeights, rowWeights, probabilities, upstream, ...others } = options;
  return {
    ...others,
    ...(classWeights && { classWeights: onGrid(classWeights, grid) }),
    ...(rowWeights && { rowWeights: onGrid(rowWeights, grid) }),
    ...(probabilities && { probabilities: onGrid(probabilities, grid) }),
    ...(upstream !== undefined && {
      upstream: typeof upstream === 'number' ? toGrid(upstream, grid) : onGrid(upstream, grid),
    }),
  };
}

/** A stream whose length does not show in `random`, which goes on by four words. */
function streamOfItsOwn(random: Random): Random {
  return createRandom([random.word(), random.word(), random.word(), random.word()]);
}

/** Each family as often as it weighs, so that picking one is picking an element. */
function wheelOf(chosen: readonly Family[]): readonly Family[] {
  return chosen.flatMap((family) => new Array<Family>(family.weight).fill(family));
}

function weightOf(chosen: readonly Family[]): number {
  return chosen.reduce((sum, { weight }) => sum + weight, 0);
}
