import { describe, expect, it } from 'vitest';
import { type Batch, batchOf, createBatch } from '../core/batch.ts';
import { sameBits } from '../float32/bits.ts';
import { EXP_OVERFLOW, EXP_UNDERFLOW, MAX_FINITE } from '../float32/constants.ts';
import { explain } from './explain.ts';

describe('explain', () => {
  it('should tell the logits that may be anything from the one that carries the failure', async () => {
    const fails = ({ logits }: Batch) => logits[1] === 89;
    expect(await explain('softmax', batchOf([[0, 89, -104]]), fails)).toEqual({
      values: 16,
      logits: [0, 2],
      classes: 2,
      targets: [],
      upstream: [],
      together: true,
    });
  });

  it('should say that nothing may be anything', async () => {
    const start = batchOf([[0, 89]], [1]);
    const onlyItself = ({ logits, targets }: Batch) =>
      logits[0] === 0 && logits[1] === 89 && targets[0] === 1;
    expect(await explain('crossEntropy', start, onlyItself)).toMatchObject({
      logits: [],
      targets: [],
      together: null,
    });
  });

  it('should tell which targets may be any class, where the operation reads them', async () => {
    const start = batchOf(
      [
        [0, 1, 2],
        [3, 4, 5],
      ],
      [2, 0],
    );
    const fails = ({ logits, targets }: Batch) => targets[1] === 0 && logits.every((x, k) => x === k);
    const explanation = { classes: 2, logits: [], together: null };
    expect(await explain('crossEntropy', start, fails)).toMatchObject({ ...explanation, targets: [0] });
    expect(await explain('softmax', start, fails)).toMatchObject({ ...explanation, targets: [] });
    const alone = await explain('crossEntropyGrad', batchOf([[89]]), ({ logits }) => logits[0] === 89);
    expect(alone).toMatchObject({ classes: 0, targets: [] });
  });

  it('should tell which upstream values may be any finite number', async () => {
    const start = batchOf([[0, 89]], [0], [1, 2]);
    const fails = ({ logits, upstream }: Batch) =>
      logits[1] === 89 && upstream?.[0] === 1 && upstream.every(Number.isFinite);
    expect(await explain('softmax', start, fails)).toMatchObject({
      logits: [0],
      upstream: [1],
      together: true,
    });
  });

  it('should say when what may be anything may not be so at once', async () => {
    const start = batchOf([[0, 0]]);
    const fails = ({ logits }: Batch) => logits.some((x) => x === 0);
    expect(await explain('softmax', start, fails)).toMatchObject({ logits: [0, 1], together: false });
  });

  it.each([0, -0, MAX_FINITE, -Infinity, Number.NaN, 3])(
    'should put 16 other values for %d, the same each time',
    async (value) => {
      const start = batchOf([[value, 7]]);
      const tried = async () => {
        const given: number[] = [];
        await explain('softmax', start, ({ logits }) => {
          if (logits[1] === 7) given.push(logits[0]);
          return logits[1] === 7;
        });
        return given;
      };
      const given = await tried();
      expect(given).toHaveLength(16);
      expect(new Set(given).size).toBe(16);
      expect(given.filter((each) => sameBits(each, value) || Number.isNaN(each))).toEqual([]);
      expect(given.some((each) => Math.abs(each) < 100 && !Number.isInteger(each))).toBe(true);
      expect(await tried()).toEqual(given);
    },
  );

  it('should try first what most failures do not survive, then ordinary numbers, then any', async () => {
    const given: number[] = [];
    await explain('softmax', batchOf([[3]]), ({ logits: [x] }) => {
      given.push(x);
      return true;
    });
    const extremes = [
      0,
      MAX_FINITE,
      -Infinity,
      -MAX_FINITE,
      EXP_OVERFLOW,
      EXP_UNDERFLOW,
      1,
      -1,
      -EXP_OVERFLOW,
    ];
    expect(given.slice(0, 9)).toEqual(extremes);
    const isOrdinary = (x: number) => Math.abs(x) > 0.1 && Math.abs(x) < 100;
    expect(given.slice(9).map(isOrdinary)).toEqual([true, true, true, true, false, false, false]);
  });

  it('should draw classes for the targets too when all are put together', async () => {
    const drawn = new Set<string>();
    const start = createBatch(2, 20, new Float32Array(40), [3, 4]);
    await explain('crossEntropy', start, ({ logits, targets }) => {
      if (logits.filter((x) => x !== 0).length > 1) drawn.add(targets.join());
      return true;
    });
    expect(drawn.size).toBeGreaterThan(10);
    expect(start).toEqual(createBatch(2, 20, new Float32Array(40), [3, 4]));
  });

  it('should put every other class for a target, up to 16', async () => {
    const tried = async (classes: number, target: number) => {
      const given: number[] = [];
      const start = createBatch(1, classes, new Float32Array(classes), [target]);
      await explain('crossEntropy', start, ({ logits, targets }) => {
        if (logits.every((x) => x === 0)) given.push(targets[0]);
        return true;
      });
      return given.sort((a, b) => a - b);
    };
    expect(await tried(3, 0)).toEqual([1, 2]);
    expect(await tried(3, 1)).toEqual([0, 2]);
    expect(await tried(3, 2)).toEqual([0, 1]);
    const some = await tried(20, 19);
    expect(new Set(some).size).toBe(16);
    expect(some.every((target) => target >= 0 && target < 19)).toBe(true);
  });

  it('should put 16 other finite numbers for an upstream value, and all at once in batches of their own', async () => {
    const start = batchOf([[0, 89]], [0], [1, 2]);
    const alone: number[] = [];
    const together = new Set<string>();
    await explain('softmaxGrad', start, ({ logits, upstream }) => {
      const [first, second] = upstream ?? [];
      if (second === 2 && logits[0] === 0 && first !== 1) alone.push(first);
      if (second !== 2 && first !== 1) together.add(`${first} ${second}`);
      return logits[0] === 0 && logits[1] === 89;
    });
    expect(new Set(alone).size).toBe(16);
    expect(alone).toContain(0);
    expect(alone.every(Number.isFinite)).toBe(true);
    expect(together.size).toBeGreaterThan(10);
    expect(start).toEqual(batchOf([[0, 89]], [0], [1, 2]));
  });

  it('should put a logit and a target together', async () => {
    const fails = ({ logits }: Batch) => logits[1] === 89;
    const found = await explain('crossEntropy', batchOf([[0, 89]]), fails);
    expect(found).toMatchObject({ logits: [0], targets: [0], together: true });
  });

  it('should be bounded, and leave large batches alone', async () => {
    let asked = 0;
    const always = async () => {
      asked++;
      return true;
    };
    const { classes } =
      (await explain('crossEntropy', createBatch(1, 64, new Float32Array(64)), always)) ?? {};
    expect([asked, classes]).toEqual([64 * 16 + 16 + 16, 16]);
    expect(await explain('crossEntropy', createBatch(1, 65, new Float32Array(65)), always)).toBeNull();
    expect(asked).toBe(64 * 16 + 16 + 16);
  });
});
