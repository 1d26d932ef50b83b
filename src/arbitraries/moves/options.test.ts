import { describe, expect, it } from 'vitest';
import { type Batch, batchOf, createBatch } from '../../core/batch.ts';
import type { Options } from '../../core/options.ts';
import { compareSimplicity } from '../simplicity.ts';
import { swapRows } from './arrange.ts';
import { withoutColumns, withoutRows } from './edit.ts';
import { dropOptions, foldOptions, meanForSum, onOptions, simplifyOptions, sinkAsLogit } from './options.ts';
import type { Move, Search } from './search.ts';
import { simplifyValues } from './values.ts';

const { NEGATIVE_INFINITY: MASKED, NaN: NAN } = Number;
const floats = (...values: number[]): Float32Array => Float32Array.from(values);
const bits = (...values: number[]): Uint8Array => Uint8Array.from(values);
const withOptions = (batch: Batch, options: Options): Batch => ({ ...batch, options });

/** Where a move ends, if just what `fails` holds of fails; every candidate has to be simpler than the best so far. */
function endOf(move: Move, batch: Batch, fails: (batch: Batch) => boolean): Batch {
  const search: Search = move(batch);
  let best = batch;
  let next = search.next();
  while (!next.done) {
    expect(compareSimplicity(next.value, best)).toBeLessThan(0);
    const failed = fails(next.value);
    if (failed) best = next.value;
    next = search.next(failed);
  }
  expect(next.value).toBe(best);
  return next.value;
}

const all: Options = {
  scale: 2,
  softcap: 30,
  bias: floats(0.5, 1.5),
  mask: bits(1, 0),
  sink: 3,
};
const batch = withOptions(batchOf([[1, 2]]), all);

describe('dropOptions', () => {
  it('should drop all at once where none matters', () => {
    const candidates = [...dropOptions(batch)];
    expect(candidates[0].options).toBeUndefined();
    expect(endOf(dropOptions, batch, () => true).options).toBeUndefined();
  });

  it.each(Object.keys(all) as (keyof Options)[])('should keep %s alone where it alone matters', (name) => {
    const { options } = endOf(dropOptions, batch, (each) => each.options?.[name] !== undefined);
    expect(options).toEqual({ [name]: all[name] });
  });

  it('should keep two that matter together', () => {
    const { options } = endOf(
      dropOptions,
      batch,
      (each) => each.options?.scale !== undefined && each.options.mask !== undefined,
    );
    expect(Object.keys(options ?? {})).toEqual(['scale', 'mask']);
  });

  it('should have nothing to offer where there are none', () => {
    expect([...dropOptions(batchOf([[1]]))]).toEqual([]);
  });
});

describe('foldOptions', () => {
  it('should put the scale and the bias of each row into the logits', () => {
    const from = withOptions(
      batchOf([
        [1, 2],
        [3, 4],
      ]),
      { scale: 2, bias: floats(1, 0, 0, -1) },
    );
    const folded = endOf(foldOptions, from, () => true);
    expect(folded).toEqual(
      batchOf([
        [3, 4],
        [6, 7],
      ]),
    );
  });

  it('should put in fewer where all of them do not fail, from the first on', () => {
    const folded = endOf(foldOptions, batch, (each) => each.options?.bias !== undefined);
    expect(Object.keys(folded.options ?? {})).toEqual(['bias', 'mask', 'sink']);
    expect(folded.logits[0]).toBe(Math.fround(30 * Math.tanh(2 / 30)));
  });

  it('should leave a mask where that is simpler than -Infinity', () => {
    const masked = withOptions(batchOf([[1, 2]]), { mask: bits(0, 1) });
    expect([...foldOptions(masked)]).toEqual([]);
    const hidingNan = withOptions(batchOf([[NAN, 2]]), { mask: bits(0, 1) });
    expect(endOf(foldOptions, hidingNan, () => true)).toEqual(batchOf([[MASKED, 2]]));
  });
});

describe('sinkAsLogit', () => {
  it('should make the sink of a single row its last logit, with an upstream value of 0', () => {
    const from = withOptions(batchOf([[1, 2]], [1], [3, 4]), { sink: 89 });
    expect(endOf(sinkAsLogit, from, () => true)).toEqual(batchOf([[1, 2, 89]], [1], [3, 4, 0]));
    const ofRows = withOptions(batchOf([[1, 2]]), { sink: floats(89) });
    expect(endOf(sinkAsLogit, ofRows, () => true)).toEqual(batchOf([[1, 2, 89]]));
  });

  it('should do nothing beside other options, or with several rows', () => {
    expect([...sinkAsLogit(batch)]).toEqual([]);
    expect([...sinkAsLogit(withOptions(batchOf([[1], [2]]), { sink: 1 }))]).toEqual([]);
  });
});

describe('simplifyOptions', () => {
  it.each<[name: string, options: Options, simplest: Options]>([
    ['a scale', { scale: 0.0883883461356163 }, { scale: 0 }],
    ['a softcap', { softcap: 47.25 }, { softcap: 1 }],
    ['a bias', { bias: floats(0.7, -3.2) }, { bias: floats(0, 0) }],
    ['a mask', { mask: bits(0, 0) }, { mask: bits(1, 1) }],
    ['a sink', { sink: 45.6 }, { sink: 0 }],
    ['sinks', { sink: floats(45.6) }, { sink: 0 }],
  ])('should make %s its simplest value where any fails', (_, options, simplest) => {
    const end = endOf(simplifyOptions, withOptions(batchOf([[1, 2]]), options), () => true);
    expect(end.options).toEqual(simplest);
  });

  it('should leave one cell of a bias and of a mask where one matters', () => {
    const from = withOptions(batchOf([[1, 2, 3]]), { bias: floats(0.7, -3.2, 12.6), mask: bits(0, 1, 0) });
    const { options } = endOf(
      simplifyOptions,
      from,
      (each) => (each.options?.bias?.[1] ?? 0) <= -3 && each.options?.mask?.[2] === 0,
    );
    expect(options).toEqual({ bias: floats(0, -3, 0), mask: bits(1, 1, 0) });
  });
});

describe('simplifyOptions, of arrangements', () => {
  it('should hide the first that does, and have what is not 0 last and above 0', () => {
    const isOne = (values: ArrayLike<number> | undefined, value: number) =>
      Array.from(values ?? []).filter((each) => Math.abs(each) === value).length === 1;
    const from = withOptions(batchOf([[0, 0, 0]]), { bias: floats(0, -1, 0), mask: bits(1, 1, 0) });
    const fails = (each: Batch) => isOne(each.options?.bias, 1) && isOne(each.options?.mask, 0);
    expect(endOf(simplifyOptions, from, fails).options).toEqual({
      bias: floats(0, 0, 1),
      mask: bits(0, 1, 1),
    });
  });
});

describe('what rows and columns take along', () => {
  const options: Options = {
    bias: floats(1, 2, 3, 4, 5, 6),
    mask: bits(1, 0, 1),
    sink: floats(7, 8),
    scale: 2,
  };
  const from = withOptions(createBatch(2, 3, [1, 2, 3, 4, 5, 6]), options);

  it('should lose columns of a bias and of a mask with those of the logits', () => {
    expect(withoutColumns(from, 0, 2).options).toEqual({
      ...options,
      bias: floats(3, 6),
      mask: bits(1),
    });
  });

  it('should lose rows of a bias and sinks with those of the logits, and keep what is of all rows', () => {
    expect(withoutRows(from, 0, 1).options).toEqual({ ...options, bias: floats(4, 5, 6), sink: floats(8) });
  });

  it('should swap rows with their bias and sink', () => {
    const unsorted = withOptions(createBatch(2, 1, [5, 0]), { bias: floats(1, 2), sink: floats(3, 4) });
    const { logits, options: swapped } = endOf(swapRows, unsorted, () => true);
    expect(logits).toEqual(floats(0, 5));
    expect(swapped).toEqual({ bias: floats(2, 1), sink: floats(4, 3) });
  });
});

describe('onOptions', () => {
  const simplify = onOptions(simplifyValues('early'));

  it.each([96, 93.5, 1000])('should find the threshold of a number from %d', (sink) => {
    const end = endOf(
      simplify,
      withOptions(batchOf([[0]]), { sink }),
      ({ options }) => Number(options?.sink) >= 89,
    );
    expect(end.options).toEqual({ sink: 89 });
  });

  it('should make each of several numbers simpler, and offer none that the option does not take', () => {
    const from = withOptions(batchOf([[0, 0]]), { classWeights: floats(0.0273, 371) });
    const weightsOf = ({ options }: Batch): Float32Array => options?.classWeights ?? floats();
    const offered = [...simplify(from)].flatMap((each) => [...weightsOf(each)]);
    expect(offered.length).toBeGreaterThan(0);
    expect(offered.filter((weight) => !(weight >= 0))).toEqual([]);
    const end = endOf(simplify, from, (each) => weightsOf(each)[0] !== weightsOf(each)[1]);
    expect(end.options).toEqual({ classWeights: floats(0, 1) });
  });

  it('should leave a mask and a class to ignore as they are', () => {
    const from = withOptions(batchOf([[0, 0]], [1]), { mask: bits(1, 0), ignoreIndex: 5 });
    expect([...simplify(from)]).toEqual([]);
  });
});

describe('meanForSum', () => {
  it('should put a row that counts before ignored ones, and leave the reduction out', () => {
    const from = withOptions(batchOf([[NAN, 1]], [1]), { reduction: 'sum', ignoreIndex: 1 });
    const rows = batchOf([
      [0, 0],
      [NAN, 1],
    ]);
    const expected = withOptions({ ...rows, targets: Int32Array.of(0, -1) }, { ignoreIndex: -1 });
    expect(endOf(meanForSum, from, () => true)).toEqual(expected);
  });

  it('should have nothing to offer where nothing is ignored, or where an option has a number for each logit', () => {
    expect([...meanForSum(withOptions(batchOf([[0, 1]]), { reduction: 'sum' }))]).toEqual([]);
    const biased = { reduction: 'sum', ignoreIndex: 1, bias: floats(0, 1, 2, 3) } as const;
    expect([
      ...meanForSum(
        withOptions(
          batchOf([
            [0, 1],
            [2, 3],
          ]),
          biased,
        ),
      ),
    ]).toEqual([]);
  });
});
