import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { graphIn } from './graph.ts';
import { type LossNode, lossNodeIn } from './loss-node.ts';
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

/** What is read of a model's bytes. */
function lossNodeOf(model: Uint8Array): LossNode | null {
  const graph = graphIn(model);
  return graph && lossNodeIn(graph);
}

describe('lossNodeIn', () => {
  it('should read what PyTorch has exported', () => {
    expect(lossNodeOf(readFileSync(join(models, 'weighted-loss.onnx')))).toEqual({
      reduction: 'mean',
      ignoreIndex: -1,
      weights: Float32Array.of(1, 0.5, 2, 0, 3),
    });
    expect(lossNodeOf(readFileSync(join(models, 'naive-softmax.onnx')))).toBeNull();
  });

  it('should read the attributes of a node, or what they are where they are left out', () => {
    const of = (...args: Parameters<typeof modelOf>) => lossNodeOf(modelOf(...args));
    expect(of('crossEntropy', 'fp32', { reduction: 'sum', ignoreIndex: 2 ** 31 - 1 })).toEqual({
      reduction: 'sum',
      ignoreIndex: 2 ** 31 - 1,
      weights: null,
    });
    expect(lossNodeOf(graphOf(field(1, node('NegativeLogLikelihoodLoss', 'x', 't'))))).toEqual({
      reduction: 'mean',
      ignoreIndex: null,
      weights: null,
    });
    expect(of('softmax')).toBeNull();
    expect(lossNodeOf(graphOf(weighted, weighted))).toBeNull();
    expect(lossNodeOf(field(1, 7))).toBeNull();
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
    expect(lossNodeOf(graphOf(weighted, part))?.weights).toEqual(Float32Array.of(1, 0.5));
  });

  it('should read no weights of an input, and say so where they cannot be read', () => {
    expect(lossNodeOf(graphOf(weighted, field(11, field(1, 'w'))))?.weights).toBeNull();
    expect(() => lossNodeOf(graphOf(weighted))).toThrow(
      'the weights of its loss, w, are computed in the model',
    );
    expect(() => lossNodeOf(graphOf(weighted, field(5, tensor(1))))).toThrow(
      'the weights of its loss, w, are not in the file as float32 or float16',
    );
  });
});
