/** Inputs that tell mistakes apart: those that explain one finding alike answer differently on some, and of the target that is asked one is left. */
import { type Batch, createBatch } from '../core/batch.ts';
import type { Finding } from '../core/finding.ts';
import { inFormat } from '../core/grid.ts';
import { usesTargets } from '../core/operation.ts';
import { isScalar, type OptionName, type OptionValue } from '../core/options.ts';
import { withOptions } from '../options/index.ts';
import { profileOf } from '../row/profile-formats.ts';
import { resized } from '../shrink/sizes.ts';
import { type AnswerOf, likeness } from './likeness.ts';

type Shape = readonly [rows: number, cols: number];

/** Shapes at which widths, paddings, lanes and ends of rows differ. */
const shapes: readonly Shape[] = [
  ...[2, 3, 4, 5, 6, 7, 8, 9, 12, 15, 16, 17, 24, 31, 32, 33, 40, 48, 63, 64, 65, 96, 97].map(
    (cols) => [1, cols] as const,
  ),
  ...[2, 3, 5].map((rows) => [rows, 3] as const),
];

/** Larger inputs are neither made nor asked. */
export const MOST_LOGITS = 2 ** 14;

/** No more are asked. */
const MOST_ASKED = 16;

/** The batch in each of these shapes that it can take and that is not too large. */
export function inShapes(batch: Batch, each: readonly Shape[]): Batch[] {
  return each.flatMap(([rows, cols]) =>
    rows * cols <= MOST_LOGITS ? (resized(batch, rows, cols) ?? []) : [],
  );
}

/**
 * Some batches like the finding's, of other shapes, on which each of the mistakes that differ on any of these does so: first those that part the most.
 * Answers are alike as those of right ways to compute one number are.
 */
export function tellingApart(finding: Finding, mistakes: readonly AnswerOf[]): readonly Batch[] {
  const { operation, batch } = finding;
  const { answer: format } = profileOf(finding);
  const candidates = inShapes(batch, [...shapes, [batch.rows, batch.cols + 1]])
    .concat(richBatches(batch))
    .concat(usesTargets(operation) ? summed(batch) : []);
  const parted = candidates.map((candidate) => {
    const answers = mistakes.map((answer) => answer(operation, candidate).map(format.round));
    return pairsOf(mistakes.length).filter(([a, b]) => likeness(answers[a], answers[b], format) === 'no');
  });
  const chosen: Batch[] = [];
  const isOpen = new Set(pairsOf(mistakes.length).map(String));
  const partedBy = (k: number): number => parted[k].filter((pair) => isOpen.has(String(pair))).length;
  while (chosen.length < MOST_ASKED) {
    const counts = candidates.map((_, k) => partedBy(k));
    const best = counts.indexOf(Math.max(...counts));
    if (counts[best] === 0) break;
    chosen.push(candidates[best]);
    for (const pair of parted[best]) isOpen.delete(String(pair));
  }
  return chosen;
}

function pairsOf(count: number): (readonly [number, number])[] {
  return Array.from({ length: count }, (_, b) =>
    Array.from({ length: b }, (__, a) => [a, b] as const),
  ).flat();
}

/** Rows whose largest logit, target, the classes beside the target and the row's own number are all others. No probability is near 1/5 or 1/6, from which a label that is smoothed may be subtracted. */
const rows = [
  [0.3, -1.2, 2.1, 0.7, -0.4, 1.5],
  [2.6, 0.9, -0.6, 1.1, 0.2, -1.7],
  [-0.8, 1.9, 0.4, -2.2, 1.3, 0.1],
  [0.5, -0.3, 1.2, -1.1, 2.4, 0.8],
];
const targets = [4, 3, 5, 0];

/** Numbers of which no two are alike, nor sums of others. */
const amounts = [1, 0.55, 2.3, 0.35, 3.7, 1.6];

/** Rows in which nothing is by chance what another thing is, with the options of the batch: numbers of its own, arrays that tell rows and classes apart. */
export function richBatch(batch: Batch): Batch {
  return richOf(batch, 6, (x) => x);
}

/** The same of a loss that is a mean as a sum, which may be what is exchanged with it. */
function summed(batch: Batch): Batch[] {
  const { options } = batch;
  if ((options?.reduction ?? 'mean') !== 'mean') return [];
  return [richBatch({ ...batch, options: { ...options, reduction: 'sum' } })];
}

/** The same with rows far from each other, with masked logits, and of three columns. */
function richBatches(batch: Batch): Batch[] {
  const offsets = [0, 120, -120, 40];
  return [
    richBatch(batch),
    richOf(batch, 6, (x, r) => x + offsets[r]),
    richOf(batch, 6, (x, r, i) => (i === r + 1 ? Number.NEGATIVE_INFINITY : x)),
    richOf(batch, 3, (x) => x),
  ];
}

function richOf(
  { upstream, options = {}, semantics, format, ...shape }: Batch,
  cols: number,
  logit: (x: number, r: number, i: number) => number,
): Batch {
  const { ignoreIndex } = options;
  const cells = (values: (r: number, i: number) => number): number[] =>
    rows.flatMap((_, r) => Array.from({ length: cols }, (__, i) => values(r, i)));
  const classes = targets.map((target, r) =>
    r === 1 && ignoreIndex !== undefined ? ignoreIndex : target % cols,
  );
  const plain = createBatch(
    rows.length,
    cols,
    cells((r, i) => logit(rows[r][i], r, i)),
    classes,
    upstream && cells((r, i) => ((i + r) % 2 === 0 ? amounts[i] : -amounts[i])),
    ignoreIndex,
  );
  /** An option that is one array for all rows stays that. */
  const forCells = (value: OptionValue, values: (r: number, i: number) => number): number[] =>
    (value as ArrayLike<number>).length === shape.cols
      ? Array.from({ length: cols }, (_, i) => values(0, i))
      : cells(values);
  const rich: { readonly [O in OptionName]?: (value: OptionValue) => readonly number[] } = {
    bias: (value) => forCells(value, (r, i) => amounts[(i + r) % 6] - 1),
    weights: (value) => forCells(value, (r, i) => amounts[(i + r) % 6]),
    mask: (value) => forCells(value, (r, i) => Number((i + r) % 6 !== 2)),
    sink: () => amounts.slice(0, rows.length),
    classWeights: () => amounts.slice(0, cols),
    rowWeights: () => rows.map((_, r) => (r === 1 ? 0 : amounts[r])),
    probabilities: () => cells((r, i) => amounts[(i + 2 * r) % 6] / 8),
    upstream: () => amounts.slice(0, rows.length),
  };
  const given = Object.entries(options).map(([name, value]) => [
    name,
    isScalar(value) ? value : rich[name as OptionName]?.(value),
  ]);
  const meant = { ...plain, ...(semantics && { semantics }) };
  return inFormat(withOptions(meant, Object.fromEntries(given)), format);
}
