import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Graph, graphIn } from './graph.ts';
import { modelOf } from './model.ts';
import { attribute, node, valueInfo } from './node.ts';
import { field, message } from './protobuf.ts';
import { nearScores, scoreStepsIn } from './score-steps.ts';

const models = join(import.meta.dirname, '../../../integrations/models');
const FLOAT = 1;
const BOOL = 9;

/** A softmax of `z`, which nodes make of x, with constants and inputs. */
function stepsOf(
  nodes: readonly Uint8Array[],
  { constants = {}, inputs = [] }: { constants?: Record<string, number[]>; inputs?: string[] } = {},
) {
  const tensors = Object.entries(constants).map(([name, numbers]) =>
    message(field(2, FLOAT), field(8, name), field(9, new Uint8Array(Float32Array.from(numbers).buffer))),
  );
  const graph = message(
    field(1, ...nodes, node('Softmax', ['z'], 'y', attribute('axis', 1))),
    field(5, ...tensors),
    ...['x', ...inputs].map((name) => field(11, valueInfo(name, name === 'm' ? BOOL : FLOAT, ['N', 'C']))),
  );
  return scoreStepsIn(graphIn(field(7, graph)) as Graph);
}

describe('scoreStepsIn', () => {
  it('should read what PyTorch has exported', () => {
    const read = (file: string) => scoreStepsIn(graphIn(readFileSync(join(models, file))) as Graph);
    const expected = {
      logits: 'scores',
      fixed: { temperature: 8, softcap: 30 },
      inputs: { bias: 'bias', mask: 'mask' },
    };
    expect(read('attention.onnx')).toEqual(expected);
    expect(read('finite-mask.onnx')).toEqual({ ...expected, fixed: { temperature: 8 } });
    expect(read('naive-softmax.onnx')).toBeNull();
    expect(read('tokens.onnx')).toEqual({ logits: 'scores', fixed: {}, inputs: {} });
  });

  it('should read the models that are made here, but for softcaps and sinks that are inputs', () => {
    const read = (...scores: ('scale' | 'softcap' | 'bias' | 'mask' | 'sink')[]) =>
      scoreStepsIn(graphIn(modelOf('logSumExp', 'fp32', { scores })) as Graph);
    expect(read('scale', 'bias', 'mask')).toEqual({
      logits: 'logits',
      fixed: {},
      inputs: { scale: 'scale', bias: 'bias', mask: 'mask' },
    });
    expect(read('softcap')).toBeNull();
    expect(read('sink')).toBeNull();
  });

  it('should read factors, caps and biases of the file, from either side', () => {
    const constants = { s: [0.5], c: [30], d: [1 / 30], b: [1, 2] };
    const cap = [node('Mul', ['x', 'd'], 'w'), node('Tanh', ['w'], 't'), node('Mul', ['c', 't'], 'k')];
    expect(stepsOf([...cap, node('Add', ['b', 'k'], 'z')], { constants })?.fixed).toEqual({
      softcap: 30,
      bias: Float32Array.of(1, 2),
    });
    expect(
      stepsOf([node('Identity', ['x'], 'i'), node('Mul', ['s', 'i'], 'z')], { constants })?.fixed,
    ).toEqual({
      scale: 0.5,
    });
  });

  it('should read which of a condition hides', () => {
    const constants = { low: [-1e9] };
    const where = (...branches: readonly string[]) => node('Where', ['n', ...branches], 'z');
    const not = node('Not', ['m'], 'n');
    const inputs = ['m'];
    expect(stepsOf([not, where('low', 'x')], { constants, inputs })?.inputs).toEqual({ mask: 'm' });
    expect(stepsOf([not, where('x', 'low')], { constants, inputs })?.inputs).toEqual({ hidden: 'm' });
  });

  it('should read nothing of what are no options', () => {
    const constants = { s: [2], c: [30], d: [2], positive: [1], two: [1, 2] };
    const inputs = ['m', 'b'];
    const all: Uint8Array[][] = [
      [node('Sub', ['x', 's'], 'z')],
      [node('Mul', ['x', 's'], 'a'), node('Mul', ['a', 's'], 'z')],
      [node('Div', ['x', 'd'], 'w'), node('Tanh', ['w'], 't'), node('Mul', ['t', 'c'], 'z')],
      [node('Where', ['m', 'x', 'positive'], 'z')],
      [node('Add', ['x', 'b'], 'a'), node('Add', ['a', 'b'], 'z')],
      [node('Add', ['x', 'b'], 'a'), node('Mul', ['a', 's'], 'z')],
      [node('Mul', ['x', 'two'], 'z')],
      [node('Tanh', ['x'], 'z')],
      [node('Softmax', ['x'], 'z')],
    ];
    expect(all.map((nodes) => stepsOf(nodes, { constants, inputs }))).toEqual(all.map(() => null));
  });
});

describe('nearScores', () => {
  it('should be what fixed options make of logits', () => {
    const logits = Float32Array.of(1, 2);
    expect(nearScores({}, logits)).toEqual(logits);
    expect(nearScores({ temperature: 2, bias: Float32Array.of(0, 1) }, logits)).toEqual(
      Float32Array.of(0.5, 2),
    );
    expect(nearScores({ scale: 3, softcap: 1 }, logits)).toEqual(logits.map((x) => Math.tanh(3 * x)));
  });
});
