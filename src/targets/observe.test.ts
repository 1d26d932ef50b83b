import { describe, expect, it } from 'vitest';
import { batchOf } from '../core/batch.ts';
import { inFormat } from '../core/grid.ts';
import type { Kernel } from '../core/kernel.ts';
import type { Operation } from '../core/operation.ts';
import type { Options } from '../core/options.ts';
import { placements } from '../core/placement.ts';
import { withOptions } from '../options/index.ts';
import { createTarget } from './create.ts';
import { observe, observeInViews } from './observe.ts';

const batch = batchOf([
  [1, Number.NaN, 3],
  [-0, 0, Number.NEGATIVE_INFINITY],
]);

/** What comes of calling `implementation` as `operation`. It may be anything that a user can export. */
function observed(operation: Operation, implementation: (...args: never[]) => unknown) {
  return observe(createTarget('test', { [operation]: implementation } as Kernel), operation, batch);
}

describe('observe', () => {
  it('should give the answer as it is', async () => {
    const output = Float32Array.of(1, 2, 3, 4, 5, Number.NaN);
    expect(await observed('softmax', () => output)).toMatchObject({ status: 'answered', output });
    expect(await observed('softmax', async () => output)).toMatchObject({ status: 'answered', output });
    expect(await observed('softmax', (logits: Float32Array) => logits)).toMatchObject({ status: 'answered' });
  });

  it('should copy the answer at once, whatever becomes of its memory and whatever it says of itself', async () => {
    const shared = new Float32Array(new SharedArrayBuffer(24)).fill(1);
    const buffer = new ArrayBuffer(24, { maxByteLength: 24 });
    const shrinking = new Float32Array(buffer).fill(1);
    const lying = new Float32Array(6).fill(1);
    Object.defineProperty(lying, 'length', { value: 2 });
    const answers = [shared, shrinking, lying].map((answer) => observed('softmax', () => answer));
    shared[5] = 2;
    buffer.resize(8);
    for (const answer of answers)
      expect(await answer).toMatchObject({ status: 'answered', output: new Float32Array(6).fill(1) });
    const [ofShared, ofShrinking] = await Promise.all(answers);
    expect(ofShared).toMatchObject({ live: expect.any(Function) });
    expect([ofShared, ofShrinking].map((each) => each.status === 'answered' && each.live?.().length)).toEqual(
      [6, 2],
    );
    const detached = new Float32Array(6);
    structuredClone(detached.buffer, { transfer: [detached.buffer] });
    expect(await observed('softmax', () => detached)).toEqual({
      status: 'bad-shape',
      detail: 'returned Float32Array(0): expected Float32Array(6)',
    });
  });

  it('should round a loss to FP32, NaN included', async () => {
    expect(await observed('crossEntropy', () => 0.1)).toMatchObject({ output: Float32Array.of(0.1) });
    expect(await observed('crossEntropy', async () => Number.NaN)).toMatchObject({
      output: Float32Array.of(Number.NaN),
    });
  });

  it.each<[string, Operation, () => unknown, string]>([
    ['a wrong length', 'softmax', () => new Float32Array(5), 'Float32Array(5): expected Float32Array(6)'],
    [
      'one a logit for one a row',
      'logSumExp',
      () => new Float32Array(6),
      'Float32Array(6): expected Float32Array(2)',
    ],
    ['doubles', 'logSoftmax', () => new Float64Array(6), 'Float64Array(6): expected Float32Array(6)'],
    ['a plain array', 'crossEntropyGrad', () => [1, 2, 3, 4, 5, 6], 'Array(6): expected Float32Array(6)'],
    ['nothing', 'softmax', () => undefined, 'undefined: expected Float32Array(6)'],
    ['a promise of nothing', 'softmax', async () => undefined, 'undefined: expected Float32Array(6)'],
    ['a loss in an array', 'crossEntropy', () => Float32Array.of(1), 'Float32Array(1): expected a number'],
    ['a loss as text', 'crossEntropy', () => '1', "'1': expected a number"],
    ['a symbol', 'softmax', () => Symbol('s'), 'Symbol(s): expected Float32Array(6)'],
  ])('should call %s a bad shape', async (_what, operation, implementation, detail) => {
    expect(await observed(operation, implementation)).toEqual({
      status: 'bad-shape',
      detail: `returned ${detail}`,
    });
  });

  it.each<[string, () => unknown, string]>([
    ['an error', () => expect.fail('broken'), 'AssertionError: broken'],
    ['a rejection', () => Promise.reject(new RangeError('later')), 'RangeError: later'],
    ['no error at all', () => Promise.reject(), 'undefined'],
  ])('should survive %s', async (_what, implementation, detail) => {
    expect(await observed('softmax', implementation)).toEqual({ status: 'threw', detail });
  });

  it.each<[string, (logits: Float32Array) => unknown]>([
    ['another value', (logits) => logits.fill(7, 0, 1)],
    ['the sign of a zero', (logits) => logits.fill(0)],
    ['a NaN made a number', (logits) => logits.map((_, k) => (logits[k] ||= 1))],
    ['in place, as its answer', (logits) => logits.sort()],
    [
      'their memory given away',
      ({ buffer }) => structuredClone(buffer, { transfer: [buffer as ArrayBuffer] }),
    ],
  ])('should see changed logits: %s', async (_what, change) => {
    const softmax = async (logits: Float32Array) => {
      await null;
      change(logits);
      return new Float32Array(6);
    };
    expect(await observed('softmax', softmax)).toEqual({
      status: 'mutated-input',
      detail: 'it changed its logits',
    });
  });

  it('should see changed targets, and give every call a copy of its own', async () => {
    const change = (_: Float32Array, targets: Int32Array) => targets.fill(1);
    expect(await observed('crossEntropyGrad', change)).toEqual({
      status: 'mutated-input',
      detail: 'it changed its targets',
    });
    expect(batch.targets).toEqual(Int32Array.of(0, 0));
  });

  it('should see changed upstream values, given or all ones', async () => {
    expect(await observed('softmaxGrad', (upstream: Float32Array) => upstream.fill(2))).toEqual({
      status: 'mutated-input',
      detail: 'it changed its upstream values',
    });
    expect(await observed('softmaxGrad', (upstream: Float32Array) => upstream.slice())).toMatchObject({
      status: 'answered',
      output: new Float32Array(6).fill(1),
    });
  });

  it('should give a kernel of words upstream values of its format, given or all ones', async () => {
    const asked: unknown[] = [];
    const kernel = {
      softmaxGrad(upstream: Uint16Array, logits: Uint16Array) {
        asked.push(upstream.slice());
        return logits;
      },
    };
    const target = createTarget('test', kernel as unknown as Kernel, { format: 'fp16' });
    const half = inFormat(batchOf([[0, 1]]), 'fp16');
    await observe(target, 'softmaxGrad', half);
    await observe(target, 'softmaxGrad', { ...half, upstream: Float32Array.of(2, -0.5) });
    await observeInViews(target, 'softmaxGrad', half, placements[0]);
    const [ones, given] = [Uint16Array.of(0x3c00, 0x3c00), Uint16Array.of(0x4000, 0xb800)];
    expect(asked).toEqual([ones, given, ones]);
  });

  it('should see what is written to options, and beside them', async () => {
    const batch = withOptions(batchOf([[0, 1]]), { mask: [1, 0], bias: [0, 1], sink: [0] });
    const observed = (write: (options: Required<Options>) => void) => {
      const kernel: Kernel = {
        softmax(logits, _rows, _cols, options) {
          write(options as Required<Options>);
          return logits.slice();
        },
      };
      const target = createTarget('test', kernel, { options: { softmax: ['mask', 'bias', 'sink'] } });
      return [observe(target, 'softmax', batch), observeInViews(target, 'softmax', batch, placements[2])];
    };
    const answered = { status: 'answered', output: Float32Array.of(0, 1), live: expect.any(Function) };
    const changed = (detail: string) => ({ status: 'mutated-input', detail });
    expect(observed(({ mask }) => mask.fill(1))).toEqual(Array(2).fill(changed('it changed its mask')));
    expect(observed(({ sink }) => (sink as Float32Array).fill(1))).toEqual(
      Array(2).fill(changed('it changed its sink')),
    );
    const beyond = ({ bias, mask }: Required<Options>) => {
      for (const { buffer } of [mask, bias]) new Uint8Array(buffer)[buffer.byteLength - 1] ^= 1;
    };
    expect(observed(beyond)[1]).toEqual(changed('it wrote to bias[17], and bias has 2'));
    expect(observed(({ mask }) => new Uint8Array(mask.buffer).fill(1, 0, mask.byteOffset))).toEqual([
      answered,
      changed('it wrote to mask[-3], and mask has 2'),
    ]);
  });
});
