import { describe, expect, it } from 'vitest';
import { type Batch, batchOf } from '../core/batch.ts';
import { sizeBoundary, smallestOfZeros } from './sizes.ts';

const zeros = (rows: number, cols: number): Batch => batchOf(new Array(rows).fill(new Array(cols).fill(0)));

/** A batch of this size of other logits. */
const filled = (rows: number, cols: number): Batch => ({
  ...zeros(rows, cols),
  logits: Float32Array.from({ length: rows * cols }, (_, k) => Math.sin(k)),
});

/** Questions of a kernel that refuses where `refuses` holds, and what was asked. */
function askedOf(refuses: (batch: Batch) => boolean, step = 1, most = Number.POSITIVE_INFINITY) {
  const asked: Batch[] = [];
  return {
    asked,
    step,
    takes: ({ rows, cols }: Batch) => cols % step === 0 && rows <= most && cols <= most,
    fails: async (batch: Batch) => {
      asked.push(batch);
      return refuses(batch);
    },
  };
}

/** The smallest of zeros and its boundary, after so many calls. */
async function bisected(start: Batch, refuses: (batch: Batch) => boolean, step?: number) {
  const questions = askedOf(refuses, step);
  const smallest = await smallestOfZeros(start, questions);
  if (smallest === null) return null;
  const boundary = await sizeBoundary(smallest, questions, true);
  return { shape: [smallest.rows, smallest.cols], boundary, calls: questions.asked.length };
}

describe('smallestOfZeros and sizeBoundary', () => {
  it.each<[string, Batch, (batch: Batch) => boolean, unknown, number[], number?]>([
    ['columns', filled(3, 1500), ({ cols }) => cols > 1000, { of: 'cols', passes: 1000 }, [1, 1001]],
    ['rows', filled(256, 2), ({ rows }) => rows > 200, { of: 'rows', passes: 200 }, [201, 1]],
    [
      'logits',
      filled(90, 128),
      ({ rows, cols }) => rows * cols > 4096,
      { of: 'logits', passes: 4096 },
      [1, 4097],
    ],
    ['multiples', filled(2, 5), ({ cols }) => cols % 4 !== 0, { of: 'multiple', passes: 4 }, [1, 1]],
    ['many multiples', filled(2, 517), ({ cols }) => cols % 4 !== 0, { of: 'multiple', passes: 4 }, [1, 1]],
    ['columns in steps', filled(2, 640), ({ cols }) => cols > 500, { of: 'cols', passes: 448 }, [1, 512], 64],
  ])('should say from which number of %s on it fails', async (_, start, refuses, boundary, shape, step) => {
    const found = await bisected(start, refuses, step);
    expect(found).toMatchObject({ shape, boundary });
    expect(found?.calls).toBeLessThan(40);
  });

  it('should bisect a long row in few calls', async () => {
    const found = await bisected(zeros(1, 131_072), ({ cols }) => cols > 100_000);
    expect(found).toMatchObject({ shape: [1, 100_001], boundary: { of: 'cols', passes: 100_000 } });
    expect(found?.calls).toBeLessThan(35);
  });

  it.each<[string, (batch: Batch) => boolean]>([
    ['one number of columns', ({ cols }) => cols === 513],
    ['any', () => true],
    ['odd numbers above 8', ({ cols }) => cols > 8 && cols % 2 === 1],
    ['no power of two', ({ cols }) => Math.log2(cols) % 1 !== 0 || cols === 1],
  ])('should claim no boundary where it refuses %s', async (_, refuses) => {
    expect(await bisected(filled(1, 513), refuses)).toMatchObject({ boundary: null });
  });

  it('should give nothing where zeros of the same size pass', async () => {
    expect(await bisected(filled(2, 8), ({ logits }) => logits[0] !== 0 || logits[1] > 0.5)).toBeNull();
  });

  it('should keep what the row holds, and its target, where it tries other sizes', async () => {
    const [row, target] = [[0, 0, 0, 0, 0, 89], 5];
    const questions = askedOf(({ cols }) => cols > 5);
    expect(await sizeBoundary(batchOf([row], [target]), questions)).toEqual({ of: 'cols', passes: 5 });
    for (const { logits, targets, cols } of questions.asked) {
      expect([logits[cols - 1], logits[0], targets[0]]).toEqual([89, 0, cols - 1]);
    }
  });

  it('should try no other sizes where an option has a value for each', async () => {
    const options = { probabilities: new Float32Array(9) };
    const questions = askedOf(() => true);
    expect(await sizeBoundary({ ...zeros(1, 9), options }, questions)).toBeNull();
    expect(await sizeBoundary({ ...zeros(1, 9), options: { scale: 2 } }, questions)).toBeNull();
    expect(questions.asked.map(({ options: asked }) => asked)).toEqual([{ scale: 2 }]);
  });

  it('should claim nothing of columns or rows that all differ, nor where no larger ones are taken', async () => {
    const fromTwo = ({ rows, cols }: Batch) => rows * cols > 1;
    expect(await sizeBoundary(batchOf([[0, 1]]), askedOf(fromTwo))).toBeNull();
    expect(await sizeBoundary(batchOf([[0], [0]]), askedOf(fromTwo))).toBeNull();
    const long = ({ cols }: Batch) => cols > 8;
    expect(await sizeBoundary(zeros(1, 9), askedOf(long))).toEqual({ of: 'cols', passes: 8 });
    expect(await sizeBoundary(zeros(1, 9), askedOf(long, 1, 9))).toBeNull();
  });
});
