import { describe, expect, it } from 'vitest';
import { batchOf } from '../core/batch.ts';
import type { Kernel } from '../core/kernel.ts';
import type { Law } from '../core/law.ts';
import type { Operation } from '../core/operation.ts';
import { bucketOf } from '../core/violation.ts';
import { judge } from '../judge/judge.ts';
import { stable } from '../kernels/stable.ts';
import { createOracle } from '../oracle/exact.ts';
import { createTarget } from '../targets/create.ts';
import { examineByAllLaws, examineLaw } from './examine-law.ts';

const { NEGATIVE_INFINITY } = Number;

const batch = batchOf([
  [1, 2],
  [0, 0],
]);

/** What `law` says of a kernel, on two rows. */
async function told(law: Law, kernel: Kernel, operation: Operation = 'softmax') {
  const target = createTarget('test', kernel, { profile: 'sequential' });
  const { violations } = await examineLaw(target, operation, createOracle(batch), law);
  return violations.map((violation) => [bucketOf(violation), violation.index, violation.detail]);
}

/** The stable softmax, but for the calls of these numbers. */
function besides(numbers: readonly number[], other: (right: Float32Array) => Float32Array): Kernel {
  let calls = -1;
  return {
    async softmax(logits, rows, cols) {
      const right = stable.softmax(logits, rows, cols);
      calls++;
      return numbers.includes(calls) ? other(right) : right;
    },
  };
}

describe('examineLaw', () => {
  it('should ask nothing more of an answer that the oracle finds wrong', async () => {
    const wrong: Kernel = { softmax: (logits) => new Float32Array(logits.length) };
    expect(await told('view', wrong)).toEqual([['softmax/zeroed/ordinary', 1, null]]);
  });

  it('should see other bits at the next call, and at the one after a call with other logits', async () => {
    const off = (right: Float32Array) => right.with(2, 0.25);
    expect(await told('repeatable', besides([1], off))).toEqual([
      ['softmax/nondeterministic', 2, 'output[2] was 3f000000, and 3e800000 at the next call'],
    ]);
    expect(await told('repeatable', besides([3], off))).toEqual([
      ['softmax/nondeterministic', 2, 'output[2] was 3f000000, and 3e800000 after a call with other logits'],
    ]);
    expect(await told('repeatable', besides([2], off))).toEqual([]);
    expect(
      await told(
        'repeatable',
        besides([1], () => new Float32Array(1)),
      ),
    ).toMatchObject([['softmax/nondeterministic', null, expect.stringContaining('Float32Array(1)')]]);
  });

  it('should see an answer that is kept by a part of its input', async () => {
    const keptBy = (count: number): Kernel => {
      let last = { key: '', answer: new Float32Array() };
      return {
        softmax(logits, rows, cols) {
          const key = logits.subarray(0, count).join();
          if (key !== last.key) last = { key, answer: Float32Array.from(stable.softmax(logits, rows, cols)) };
          return last.answer.slice();
        },
      };
    };
    expect(await told('repeatable', keptBy(2))).toEqual([
      [
        'softmax/invariance/repeatable',
        null,
        expect.stringMatching(/^with .* for logits\[2\] the next call has the same answer$/),
      ],
    ]);
    expect(await told('repeatable', keptBy(4))).toEqual([]);
  });

  it('should not take for that what answers another input as wrongly by itself', async () => {
    // NaN is right of the batch, and wrong of the same with a finite logit.
    const masked = batchOf([[NEGATIVE_INFINITY, NEGATIVE_INFINITY, NEGATIVE_INFINITY]]);
    const target = createTarget('test', { softmax: (logits) => logits.map(() => Number.NaN) });
    const { violations } = await examineLaw(target, 'softmax', createOracle(masked), 'repeatable');
    expect(violations).toEqual([]);
  });

  it('should make thousands of calls where other bits that came once are asked for again', async () => {
    const off = (right: Float32Array) => right.with(2, 0.25);
    const target = () => createTarget('test', besides([1500], off), { profile: 'sequential' });
    const ask = async (patience: 'some' | 'much') =>
      (await examineLaw(target(), 'softmax', createOracle(batch), 'repeatable', judge, { patience }))
        .violations;
    expect(await ask('some')).toEqual([]);
    expect(await ask('much')).toMatchObject([
      { kind: 'nondeterministic', detail: 'output[2] was 3f000000, and 3e800000 1499 calls later' },
    ]);
  });

  it('should see an answer that a later call writes over, or takes away', async () => {
    const memory = new Float32Array(4);
    const shared: Kernel = {
      softmax(...call) {
        memory.set(stable.softmax(...call));
        return memory;
      },
    };
    expect(await told('fresh-answer', shared)).toMatchObject([
      ['softmax/invariance/fresh-answer', 0, expect.stringContaining('shared')],
    ]);
    let last: Float32Array | undefined;
    const taken: Kernel = {
      softmax(...call) {
        if (last !== undefined) structuredClone(last.buffer, { transfer: [last.buffer as ArrayBuffer] });
        last = stable.softmax(...call);
        return last;
      },
    };
    expect(await told('fresh-answer', taken)).toMatchObject([
      ['softmax/invariance/fresh-answer', 0, expect.stringContaining('gone')],
    ]);
  });

  it('should let slices of one buffer pass that do not overlap', async () => {
    const memory = new Float32Array(64);
    let used = 0;
    const slices: Kernel = {
      softmax(...call) {
        const slice = memory.subarray(used, used + 4);
        used += 4;
        slice.set(stable.softmax(...call));
        return slice;
      },
    };
    expect(await told('fresh-answer', slices)).toEqual([]);
  });

  it('should see what is written once a call is answered: by a timer, a promise, a later call', async () => {
    const late = (change: (logits: Float32Array, answer: Float32Array) => void): Kernel => ({
      softmax(...call) {
        const answer = stable.softmax(...call);
        change(call[0], answer);
        return answer;
      },
    });
    const own = 'it changed logits[1] after it had answered';
    const argument = [['softmax/mutated-input/fresh-answer', null, own]];
    const write = (array: Float32Array) => array.fill(9, 1, 2);
    expect(
      await told(
        'fresh-answer',
        late((logits) => setTimeout(write, 1, logits)),
      ),
    ).toEqual(argument);
    expect(
      await told(
        'fresh-answer',
        late((logits) => Promise.resolve(logits).then(write)),
      ),
    ).toEqual(argument);
    expect(
      await told(
        'fresh-answer',
        late((_, answer) => setTimeout(write, 1, answer)),
      ),
    ).toMatchObject([['softmax/invariance/fresh-answer', 1, expect.stringContaining('after other calls')]]);
    let last: Float32Array = new Float32Array(2);
    const keeping = late((logits) => {
      write(last);
      last = logits;
    });
    expect(await told('fresh-answer', keeping)).toEqual(argument);
  });

  it('should see that an answer of earlier calls is written over, as one of many buffers in turn', async () => {
    const buffers = Array.from({ length: 12 }, () => new Float32Array(4));
    let calls = 0;
    const pooled: Kernel = {
      softmax(...call) {
        const buffer = buffers[calls++ % 12];
        buffer.set(stable.softmax(...call));
        return buffer;
      },
    };
    const target = createTarget('test', pooled, { profile: 'sequential' });
    const ask = async () =>
      (await examineLaw(target, 'softmax', createOracle(batch), 'fresh-answer')).violations;
    expect(await ask()).toEqual([]);
    expect(await ask()).toEqual([]);
    expect(await ask()).toMatchObject([
      {
        kind: 'invariance',
        detail: expect.stringMatching(/^it changed answer\[0\] of softmax, \d+ calls before/),
      },
    ]);
  });

  it('should wait for longer where a failure is asked for again', async () => {
    const slow: Kernel = {
      softmax(...call) {
        setTimeout(() => call[0].fill(9), 30);
        return stable.softmax(...call);
      },
    };
    const target = createTarget('test', slow, { profile: 'sequential' });
    const ask = (patience: 'some' | 'much') =>
      examineLaw(target, 'softmax', createOracle(batch), 'fresh-answer', judge, { patience });
    expect((await ask('some')).violations).toEqual([]);
    expect((await ask('much')).violations).toMatchObject([{ kind: 'mutated-input', law: 'fresh-answer' }]);
  });

  it('should see what is wrong with views only, and what is written beside them', async () => {
    const viewed = (change: (array: Float32Array | Int32Array) => void): Kernel => ({
      crossEntropy(logits, targets, rows, cols) {
        for (const array of [logits, targets]) if (array.byteOffset > 0) change(array);
        return stable.crossEntropy(logits, targets, rows, cols);
      },
    });
    const views = 'with views at offset 1 of larger buffers, ';
    const before = (array: Float32Array | Int32Array) => new Uint8Array(array.buffer).fill(1, 0, 1);
    const behind = (array: Float32Array | Int32Array) => new Uint8Array(array.buffer).fill(1, -1);
    for (const [change, place] of [
      [before, -1],
      [behind, 19],
    ] as const) {
      expect(await told('view', viewed(change), 'crossEntropy')).toEqual([
        ['crossEntropy/mutated-input/view', null, `${views}it wrote to logits[${place}], and logits has 4`],
      ]);
    }
    const within = (array: Float32Array | Int32Array) => array.fill(1);
    expect(await told('view', viewed(within), 'crossEntropy')).toEqual([
      ['crossEntropy/mutated-input/view', null, `${views}it changed its logits`],
    ]);
    const thrown = () => expect.fail('unaligned');
    expect(await told('view', viewed(thrown), 'crossEntropy')).toEqual([
      ['crossEntropy/invariance/view', null, `${views}it threw AssertionError: unaligned`],
    ]);
  });

  it('should see NaN of the last row and of the first one spread, but not where NaN is refused', async () => {
    const spreading = (from: number, to: number): Kernel => ({
      logSumExp(logits, rows, cols) {
        const right = stable.logSumExp(logits, rows, cols);
        return Number.isNaN(right[from]) ? right.fill(Number.NaN, to, to + 1) : right;
      },
    });
    expect(await told('nan-isolation', spreading(1, 0), 'logSumExp')).toEqual([
      ['logSumExp/invariance/nan-isolation', 0, 'row 0 is right, but not with NaN for all logits of row 1'],
    ]);
    expect(await told('nan-isolation', spreading(0, 1), 'logSumExp')).toMatchObject([
      ['logSumExp/invariance/nan-isolation', 1, expect.any(String)],
    ]);
    const refusing: Kernel = {
      softmax: (...call) =>
        call[0].some(Number.isNaN) ? expect.fail('no NaN, please') : stable.softmax(...call),
    };
    expect(await told('nan-isolation', refusing)).toEqual([]);
  });

  it('should see a row alone given other bits, the last one too', async () => {
    const other: Kernel = {
      softmax: (logits, rows, cols) =>
        rows === 1 && logits[0] === 0 ? Float32Array.of(0.5, 0.49999997) : stable.softmax(logits, rows, cols),
    };
    expect(await told('batch-invariant', other)).toEqual([
      ['softmax/invariance/batch-invariant', 3, 'output[3] is 3f000000, and 3effffff for row 1 alone'],
    ]);
  });
});

describe('examineByAllLaws', () => {
  it('should ask each law that the target is held to', async () => {
    const memory = new Float32Array(4);
    const { buffer } = memory;
    const twice: Kernel = {
      softmax(logits, rows, cols) {
        memory.set(stable.softmax(new Float32Array(logits.buffer, 0, 4), rows, cols));
        return new Float32Array(buffer);
      },
    };
    const buckets = async (declaration: object) => {
      const target = createTarget('test', twice, { profile: 'sequential', ...declaration });
      const { violations } = await examineByAllLaws(target, 'softmax', createOracle(batch));
      return violations.map(bucketOf);
    };
    expect(await buckets({})).toEqual(['softmax/invariance/fresh-answer', 'softmax/invariance/view']);
    expect(await buckets({ views: false })).toEqual(['softmax/invariance/fresh-answer']);
  });
});
