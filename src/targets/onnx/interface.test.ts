import { describe, expect, it } from 'vitest';
import { UserError } from '../../text/errors.ts';
import { interfaceOf } from './interface.ts';
import type { OnnxSession, OnnxValue } from './runtime.ts';

const value = (name: string, type: string, ...shape: readonly (number | string)[]): OnnxValue => ({
  name,
  isTensor: true,
  type,
  shape,
});
const session = (
  inputMetadata: readonly OnnxValue[],
  ...outputMetadata: readonly OnnxValue[]
): OnnxSession => ({
  inputMetadata,
  outputMetadata,
  release: () => Promise.resolve(),
  run: () => Promise.reject(new Error('it is not run')),
});
const x = value('x', 'float32', 'N', 'C');
const y = value('y', 'float32', 'N', 'C');
const labels = value('labels', 'int64', 'N');

describe('interfaceOf', () => {
  it('should find the inputs and the output, whatever their names', () => {
    const format = { logits: 'fp32', answer: 'fp32' };
    expect(interfaceOf(session([x], y), null)).toEqual({
      logits: 'x',
      sizes: ['N', 'C'],
      targets: null,
      weights: null,
      scores: {},
      output: 'y',
      isOfRows: false,
      format,
    });
    expect(interfaceOf(session([labels, x], value('loss', 'float32')), null)).toEqual({
      logits: 'x',
      sizes: ['N', 'C'],
      targets: { name: 'labels', isInt64: true },
      weights: null,
      scores: {},
      output: 'loss',
      isOfRows: false,
      format,
    });
  });

  it('should find the weights of a loss, and which output has its rows', () => {
    const weights = value('w', 'float32', 'C');
    const loss = value('loss', 'float32');
    const losses = value('losses', 'float32', 'N');
    expect(interfaceOf(session([x, labels, weights], loss), null)).toMatchObject({
      weights: 'w',
      isOfRows: false,
    });
    expect(interfaceOf(session([x, labels], losses), null)).toMatchObject({ weights: null, isOfRows: true });
    const several = session([x, labels], loss, losses, value('log_prob', 'float32', 'N', 'C'));
    expect(interfaceOf(several, null, { isOfRows: true })).toMatchObject({
      output: 'losses',
      isOfRows: true,
    });
    expect(interfaceOf(several, null)).toMatchObject({ output: 'loss', isOfRows: false });
    for (const others of [[value('w', 'float16', 'C')], [weights, weights]])
      expect(() => interfaceOf(session([x, labels, ...others], loss), null)).toThrow(
        'and if any weights like the logits[cols]',
      );
  });

  it('should read the formats of its tensors, each by itself', () => {
    const halfX = value('x', 'float16', 'N', 'C');
    const halfY = value('y', 'float16', 'N', 'C');
    const formatOf = (...values: Parameters<typeof session>) => interfaceOf(session(...values), null).format;
    expect(formatOf([halfX], halfY)).toEqual({ logits: 'fp16', answer: 'fp16' });
    expect(formatOf([halfX], y)).toEqual({ logits: 'fp16', answer: 'fp32' });
    expect(formatOf([x], halfY)).toEqual({ logits: 'fp32', answer: 'fp16' });
  });

  it('should say what to do where a tensor is of bfloat16', () => {
    const advice = { hint: expect.stringContaining('no tensors of bfloat16') };
    const brainX = value('x', 'bfloat16', 'N', 'C');
    const refusal = (...values: Parameters<typeof session>): unknown => {
      try {
        return interfaceOf(session(...values), null);
      } catch (error) {
        return error;
      }
    };
    expect(refusal([brainX], y)).toMatchObject(advice);
    expect(refusal([x], value('y', 'bfloat16', 'N', 'C'))).toMatchObject(advice);
  });

  it('should take logits of two dimensions or more, with the sizes that they have', () => {
    const sizesOf = (...sizes: readonly (number | string)[]) =>
      interfaceOf(session([value('x', 'float32', ...sizes)], value('y', 'float32', ...sizes)), null).sizes;
    expect(sizesOf(1, 10)).toEqual([1, 10]);
    expect(sizesOf('B', 12, 'T', 'V')).toEqual(['B', 12, 'T', 'V']);
    expect(() => sizesOf('V')).toThrow('its input is x float32[V]: expected logits of float32');
    expect(() => sizesOf()).toThrow('its input is x float32[]: expected logits of float32');
  });

  it('should choose the output of the rank that the operation has', () => {
    const both = session([x, labels], value('loss', 'float32'), value('logProb', 'float32', 'N', 'C'));
    expect(interfaceOf(both, 'crossEntropy').output).toBe('loss');
    expect(interfaceOf(session([x], y, value('argmax', 'int64', 'N')), null).output).toBe('y');
    const tokens = [value('x', 'float32', 'B', 'T', 'V')];
    const all = [value('p', 'float32', 'B', 'T', 'V'), value('sums', 'float32', 'B', 'T')];
    expect(interfaceOf(session(tokens, ...all), 'logSoftmax').output).toBe('p');
    expect(interfaceOf(session(tokens, ...all), 'logSumExp').output).toBe('sums');
    expect(() => interfaceOf(session(tokens, all[1], all[1]), 'softmax')).toThrow(UserError);
  });

  it('should take losses of more dimensions, with a class for each row', () => {
    const classes = value('classes', 'int64', 'B', 'T');
    const tokens = value('x', 'float32', 'B', 'V', 'T');
    const loss = value('loss', 'float32');
    const losses = value('losses', 'float32', 'B', 'T');
    const known = { hasLossNode: true };
    expect(interfaceOf(session([tokens, classes], loss), null, known)).toMatchObject({
      targets: { name: 'classes' },
      isOfRows: false,
    });
    expect(
      interfaceOf(session([tokens, classes], loss, losses), null, { ...known, isOfRows: true }),
    ).toMatchObject({ output: 'losses', isOfRows: true });
    const message = 'expected logits of float32 or float16[rows, cols], targets of';
    expect(() => interfaceOf(session([tokens, labels], loss), null, known)).toThrow(message);
    // Without the node nothing says that the classes are along axis 1.
    expect(() => interfaceOf(session([tokens, classes], loss), null)).toThrow(message);
  });

  it('should leave options of scores aside, and check that they are what options are', () => {
    const scale = value('s', 'float32');
    const mask = value('m', 'bool', 'N', 'C');
    const scores = { scale: 's', mask: 'm' };
    expect(interfaceOf(session([x, scale, mask], y), null, { scores })).toMatchObject({
      logits: 'x',
      scores: { scale: { name: 's', sizes: [] }, mask: { name: 'm', sizes: ['N', 'C'] } },
    });
    const ofOne = interfaceOf(session([x, value('s', 'float32', 1), mask], y), null, { scores });
    expect(ofOne.scores.scale).toEqual({ name: 's', sizes: [1] });
    const refusal =
      (...others: readonly OnnxValue[]) =>
      () =>
        interfaceOf(session([x, ...others], y), null, { scores });
    expect(refusal(value('s', 'float16'), mask)).toThrow(
      'its input s float16[] is a factor of the logits: expected float32[]',
    );
    expect(refusal(scale, value('m', 'bool', 'C'))).toThrow(
      'its input m bool[C] is a mask of the logits: expected bool[N, C]',
    );
    expect(refusal(scale, value('m', 'bool', 1, 'C'))).toThrow('expected bool[N, C]');
  });

  it.each([
    [
      'numbers without a row',
      [value('scores', 'float32', 8)],
      'its input is scores float32[8]: expected logits of float32 or float16[rows, cols], or of more dimensions',
    ],
    ['FP64', [value('x', 'float64', 'N', 'C')], 'its input is x float64[N, C]: expected'],
    ['no input', [], 'its inputs are none: expected'],
    [
      'two of logits',
      [x, y],
      'its inputs are x float32[N, C], y float32[N, C]: expected logits of float32 or float16[rows, cols], targets of',
    ],
    ['a sequence', [{ name: 's', isTensor: false }], 'its input is s, which is no tensor: expected'],
  ])('should refuse %s', (_what, inputs, message) => {
    expect(() => interfaceOf(session(inputs, y), null)).toThrow(message);
  });

  it('should refuse an operation of other inputs', () => {
    expect(() => interfaceOf(session([x], y), 'crossEntropy')).toThrow(
      'expected logits of float32 or float16[rows, cols], targets of',
    );
    expect(() => interfaceOf(session([x, labels], y), 'softmax')).toThrow(
      'expected logits of float32 or float16[rows, cols]',
    );
  });

  it('should refuse several outputs, or none of a format', () => {
    const message = 'its outputs are y float32[N, C], z float32[N, C]: expected one of float32 or float16';
    const z = value('z', 'float32', 'N', 'C');
    expect(() => interfaceOf(session([x], y, z), null)).toThrow(message);
    expect(() => interfaceOf(session([x], y, z), 'softmax')).toThrow(message);
    expect(() => interfaceOf(session([x], value('y', 'float64', 'N', 'C')), null)).toThrow(
      'expected one of float32 or float16',
    );
  });
});
