/** The laws of layouts: another axis and gaps between rows change nothing, and what goes wrong there alone is found. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { batches } from '../src/arbitraries/batches.ts';
import { type Batch, batchOf } from '../src/core/batch.ts';
import { inRows, laidOut } from '../src/core/layout.ts';
import type { Options } from '../src/core/options.ts';
import type { Declaration, Target } from '../src/core/target.ts';
import { bucketOf } from '../src/core/violation.ts';
import { stable } from '../src/kernels/stable.ts';
import { examineLaw } from '../src/laws/examine-law.ts';
import { createOracle } from '../src/oracle/exact.ts';
import { createTarget } from '../src/targets/create.ts';

type Given = Options & { readonly outer?: number; readonly inner?: number; readonly rowStride?: number };
type Softmax = (logits: Float32Array, rows: number, cols: number, given?: Given) => Float32Array;

/** The stable softmax along whichever axis, `indexOf` telling where number j of row r lies. */
const along =
  (indexOf: (r: number, j: number, cols: number, given: Given) => number, outOf = indexOf): Softmax =>
  (logits, rows, cols, given = {}) => {
    const out = new Float32Array(rows * cols);
    for (let r = 0; r < rows; r++) {
      const row = Float32Array.from({ length: cols }, (_, j) => logits[indexOf(r, j, cols, given)]);
      const answer = stable.softmax(row, 1, cols);
      for (let j = 0; j < cols; j++) out[outOf(r, j, cols, given)] = answer[j];
    }
    return out;
  };

const right = (r: number, j: number, cols: number, { inner = 1, rowStride = cols }: Given): number =>
  inner === 1 ? r * rowStride + j : (Math.floor(r / inner) * cols + j) * inner + (r % inner);
const answered = (r: number, j: number, cols: number, given: Given): number =>
  right(r, j, cols, { ...given, rowStride: cols });

const declared: Declaration = { profile: 'sequential', layouts: ['rows', 'inner', 'rowStride'] };
const target = (name: string, softmax: Softmax): Target => createTarget(name, { softmax }, declared);

async function bucketsOf(judged: Target, batch: Batch): Promise<string[]> {
  const { violations } = await examineLaw(judged, 'softmax', createOracle(batch), 'layout');
  return violations.map(bucketOf);
}

const six = batchOf([
  [0, 1],
  [2, -3],
  [4, 5],
  [-6, 7],
  [8, 9],
  [1, 0],
]);

describe('a batch in another layout', () => {
  it('should hold number j of row o inner + i at (o cols + j) inner + i, and come back', () => {
    const layout = { outer: 3, inner: 2 };
    const { logits } = laidOut(six, layout, Number.NaN);
    expect([...logits]).toEqual([0, 2, 1, -3, 4, -6, 5, 7, 8, 1, 9, 0]);
    expect(inRows(logits, 2, layout)).toEqual(six.logits);
  });

  it('should have gaps between rows', () => {
    const { logits } = laidOut(six, { rowStride: 3 }, 7);
    expect([...logits.subarray(0, 6)]).toEqual([0, 1, 7, 2, -3, 7]);
  });
});

describe('the law of layouts', () => {
  it('should hold for what is right in all of them, in batches of all families', async () => {
    const judged = target('every layout', along(right, answered));
    await fc.assert(
      fc.asyncProperty(batches({ maxRows: 6, maxCols: 12 }), async (batch) => {
        expect(await bucketsOf(judged, batch)).toEqual([]);
      }),
      { seed: 3, numRuns: 100 },
    );
  });

  it.each([
    ['takes columns for rows', along((r, j, cols) => r * cols + j), 'softmax/invariance/layout'],
    [
      'takes the maximum of the column beside',
      along(
        (r, j, cols, given) => right(given.inner && given.inner > 1 && r % 2 ? r - 1 : r, j, cols, given),
        answered,
      ),
      'softmax/invariance/layout',
    ],
    [
      'writes into the gaps',
      (logits: Float32Array, rows: number, cols: number, given?: Given) => {
        const answer = along(right, answered)(logits, rows, cols, given);
        if (given?.rowStride) logits[cols] = 0;
        return answer;
      },
      'softmax/mutated-input/layout',
    ],
  ])('should be broken by a kernel that %s', async (_what, softmax, bucket) => {
    expect(await bucketsOf(target('faulty', softmax), six)).toEqual([bucket]);
  });

  it('should not be asked of targets that declare no layout', () => {
    expect(createTarget('plain', stable).laws).not.toContain('layout');
    expect(target('declared', along(right)).laws).toContain('layout');
  });
});

describe('a kernel in place', () => {
  const inPlace = (declaration: Declaration): Target =>
    createTarget(
      'in place',
      {
        softmax: ((logits: Float32Array, rows: number, cols: number) => {
          logits.set(stable.softmax(logits.slice(), rows, cols));
        }) as unknown as Softmax,
      },
      { profile: 'sequential', ...declaration },
    );

  it('should be read in its logits where that is declared, and be blamed where it is not', async () => {
    const examined = await examineLaw(inPlace({ inPlace: true }), 'softmax', createOracle(six), 'repeatable');
    expect(examined.violations).toEqual([]);
    expect(examined.output).toEqual(stable.softmax(six.logits, 6, 2));
    const { violations } = await examineLaw(inPlace({}), 'softmax', createOracle(six), 'repeatable');
    expect(violations.map(bucketOf)).toEqual(['softmax/mutated-input']);
  });
});
