import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { lossNodeIn } from './loss-node.ts';
import { modelOf } from './model.ts';
import { field, message } from './protobuf.ts';

const models = join(import.meta.dirname, '../../../integrations/models');
const numbers = new Uint8Array(Float32Array.of(1, 0.5).buffer);
const halves = Uint8Array.of(0x00, 0x3c, 0x00, 0x38);
const node = (type: string, ...inputs: readonly string[]) => message(field(1, ...inputs), field(4, type));
const graphOf = (...parts: readonly Uint8Array[]) => field(7, message(...parts));
const weighted = field(1, node('SoftmaxCrossEntropyLoss', 'x', 't', 'w'));
const tensor = (type: number, ...data: readonly Uint8Array[]) =>
  message(field(1, 2), field(2, type), ...data, field(8, 'w'));

describe('lossNodeIn', () => {
  it('should read what PyTorch has exported', () => {
    expect(lossNodeIn(readFileSync(join(models, 'weighted-loss.onnx')))).toEqual({
      reduction: 'mean',
      ignoreIndex: -1,
      weights: Float32Array.of(1, 0.5, 2, 0, 3),
    });
    expect(lossNodeIn(readFileSync(join(models, 'naive-softmax.onnx')))).toBeNull();
  });

  it('should read the attributes of a node, or what they are where they are left out', () => {
    const of = (...args: Parameters<typeof modelOf>) => lossNodeIn(modelOf(...args));
    expect(of('crossEntropy', 'fp32', { reduction: 'sum', ignoreIndex: 2 ** 31 - 1 })).toEqual({
      reduction: 'sum',
      ignoreIndex: 2 ** 31 - 1,
      weights: null,
    });
    expect(lossNodeIn(graphOf(field(1, node('NegativeLogLikelihoodLoss', 'x', 't'))))).toEqual({
      reduction: 'mean',
      ignoreIndex: null,
      weights: null,
    });
    expect(of('softmax')).toBeNull();
    expect(lossNodeIn(graphOf(weighted, weighted))).toBeNull();
    expect(lossNodeIn(field(1, 7))).toBeNull();
  });

  it.each([
    ['raw data', field(5, tensor(1, field(9, numbers)))],
    ['packed numbers', field(5, tensor(1, field(4, numbers)))],
    ['halves', field(5, tensor(10, field(9, halves)))],
    [
      'a constant',
      field(
        1,
        message(
          field(2, 'w'),
          field(4, 'Constant'),
          field(5, message(field(1, 'value'), field(5, tensor(1, field(9, numbers))))),
        ),
      ),
    ],
  ])('should read weights that are %s', (_what, part) => {
    expect(lossNodeIn(graphOf(weighted, part))?.weights).toEqual(Float32Array.of(1, 0.5));
  });

  it('should read no weights of an input, and say so where they cannot be read', () => {
    expect(lossNodeIn(graphOf(weighted, field(11, field(1, 'w'))))?.weights).toBeNull();
    expect(() => lossNodeIn(graphOf(weighted))).toThrow(
      'the weights of its loss, w, are computed in the model',
    );
    expect(() => lossNodeIn(graphOf(weighted, field(5, tensor(1))))).toThrow(
      'the weights of its loss, w, are not in the file as float32 or float16',
    );
  });
});
