import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Graph, graphIn } from './graph.ts';
import { modelOf } from './model.ts';
import { attribute, node, valueInfo } from './node.ts';
import { field, message } from './protobuf.ts';
import { beforeOperator, nearScores, noSteps } from './score-steps.ts';

const models = join(import.meta.dirname, '../../../integrations/models');
const FLOAT = 1;
const BOOL = 9;

/** A constant of the file: its numbers along the last axis, unless it has other sizes. */
interface Constant {
  readonly numbers: readonly number[];
  readonly sizes: readonly number[];
}

/** What is read before a softmax of `z`, which nodes make of x[N, C], with constants and inputs of so many dimensions. */
function readBefore(
  nodes: readonly Uint8Array[],
  {
    constants = {},
    inputs = {},
  }: { constants?: Record<string, number[] | Constant>; inputs?: Record<string, number> } = {},
) {
  const tensors = Object.entries(constants).map(([name, given]) => {
    const { numbers, sizes } = Array.isArray(given)
      ? { numbers: given, sizes: given.length === 1 ? [] : [given.length] }
      : given;
    const bytes = new Uint8Array(Float32Array.from(numbers).buffer);
    return message(field(1, ...sizes), field(2, FLOAT), field(8, name), field(9, bytes));
  });
  const infos = Object.entries({ x: 2, ...inputs }).map(([name, rank]) =>
    field(11, valueInfo(name, name === 'm' ? BOOL : FLOAT, ['N', 'C'].slice(0, rank))),
  );
  const softmax = node('Softmax', ['z'], 'y', attribute('axis', 1));
  return readOf(field(7, message(field(1, ...nodes, softmax), field(5, ...tensors), ...infos)));
}

/** The steps that are read of a model; what else is said where they are no options. */
function readOf(model: Uint8Array) {
  const before = beforeOperator(graphIn(model) as Graph);
  return before.kind === 'options' ? before.steps : before;
}

describe('beforeOperator', () => {
  it('should read what PyTorch has exported', () => {
    const read = (file: string) => readOf(readFileSync(join(models, file)));
    const expected = {
      axis: 1,
      fixed: { temperature: 8, softcap: 30 },
      inputs: { bias: 'bias', mask: 'mask' },
    };
    expect(read('attention.onnx')).toEqual(expected);
    expect(read('finite-mask.onnx')).toEqual({ ...expected, fixed: { temperature: 8 } });
    expect(read('naive-softmax.onnx')).toEqual({ kind: 'unknown' });
    expect(read('tokens.onnx')).toEqual(noSteps);
  });

  it('should read the models that are made here, but for softcaps and sinks that are inputs', () => {
    const read = (...scores: ('scale' | 'softcap' | 'bias' | 'mask' | 'sink')[]) =>
      readOf(modelOf('logSumExp', 'fp32', { scores }));
    expect(read('scale', 'bias', 'mask')).toEqual({
      axis: 1,
      fixed: {},
      inputs: { scale: 'scale', bias: 'bias', mask: 'mask' },
    });
    const others = { kind: 'others', operator: 'ReduceLogSumExp' };
    expect(read('softcap')).toEqual({ ...others, types: ['Div', 'Tanh', 'Mul'] });
    expect(read('sink')).toEqual({ ...others, types: ['Concat'] });
  });

  it('should read factors, caps and biases of the file, from either side', () => {
    const constants = { s: [0.5], c: [30], d: [1 / 30], b: [1, 2] };
    const cap = [node('Mul', ['x', 'd'], 'w'), node('Tanh', ['w'], 't'), node('Mul', ['c', 't'], 'k')];
    expect(readBefore([...cap, node('Add', ['b', 'k'], 'z')], { constants })).toMatchObject({
      fixed: { softcap: 30, bias: Float32Array.of(1, 2) },
    });
    expect(
      readBefore([node('Identity', ['x'], 'i'), node('Mul', ['s', 'i'], 'z')], { constants }),
    ).toMatchObject({ fixed: { scale: 0.5 } });
  });

  it('should take the input of more dimensions for the logits', () => {
    const inputs = { s: 0 };
    for (const order of [
      ['x', 's'],
      ['s', 'x'],
    ])
      expect(readBefore([node('Mul', order, 'z')], { inputs })).toMatchObject({ inputs: { scale: 's' } });
  });

  it('should read which of a condition hides', () => {
    const constants = { low: [-1e9] };
    const where = (...branches: readonly string[]) => node('Where', ['n', ...branches], 'z');
    const before = [node('Cast', ['m'], 'c'), node('Not', ['c'], 'n')];
    const inputs = { m: 2 };
    expect(readBefore([...before, where('low', 'x')], { constants, inputs })).toMatchObject({
      inputs: { mask: 'm' },
    });
    expect(readBefore([...before, where('x', 'low')], { constants, inputs })).toMatchObject({
      inputs: { hidden: 'm' },
    });
  });

  it('should read a scale and a temperature, of any value', () => {
    const nodes = [node('Mul', ['x', 's'], 'a'), node('Div', ['a', 't'], 'z')];
    expect(readBefore(nodes, { constants: { s: [2], t: [80 ** 0.5] } })).toMatchObject({
      fixed: { scale: 2, temperature: Math.fround(80 ** 0.5) },
    });
    expect(readBefore(nodes, { constants: { s: [2] }, inputs: { t: 0 } })).toMatchObject({
      fixed: { scale: 2 },
      inputs: { temperature: 't' },
    });
  });

  it.each([
    ['raw', field(9, new Uint8Array(BigInt64Array.of(-1n).buffer))],
    ['packed', field(7, Uint8Array.of(255, 255, 255, 255, 255, 255, 255, 255, 255, 1))],
  ])('should read the axes of opset 18, which are an input: %s', (_, axes) => {
    const bias = message(
      field(1, 2),
      field(2, FLOAT),
      field(8, 'b'),
      field(9, new Uint8Array(Float32Array.of(1, 2).buffer)),
    );
    const nodes = [node('Add', ['x', 'b'], 'z'), node('ReduceLogSumExp', ['z', 'axes'], 'y')];
    const tensors = [bias, message(field(1, 1), field(2, 7), field(8, 'axes'), axes)];
    const input = field(11, valueInfo('x', FLOAT, ['N', 'C']));
    expect(readOf(field(7, message(field(1, ...nodes), field(5, ...tensors), input)))).toMatchObject({
      axis: 1,
      fixed: { bias: Float32Array.of(1, 2) },
    });
  });

  it('should read nothing of what are no options', () => {
    const constants = {
      s: [2],
      c: [30],
      d: [2],
      cap: [-30],
      near: [-1],
      two: [1, 2],
      rows: { numbers: [1, 2], sizes: [2, 1] },
      all: { numbers: [1, 2, 3, 4], sizes: [2, 2] },
    };
    const inputs = { m: 2, b: 2 };
    const all: (readonly [string, ...Uint8Array[]])[] = [
      ['Sub', node('Sub', ['x', 's'], 'z')],
      ['Add', node('Add', ['x', 'x'], 'z')],
      ['Mul,Mul', node('Mul', ['x', 's'], 'a'), node('Mul', ['a', 's'], 'z')],
      ['Div,Tanh,Mul', node('Div', ['x', 'd'], 'w'), node('Tanh', ['w'], 't'), node('Mul', ['t', 'c'], 'z')],
      [
        'Div,Tanh,Mul',
        node('Div', ['x', 'cap'], 'w'),
        node('Tanh', ['w'], 't'),
        node('Mul', ['t', 'cap'], 'z'),
      ],
      ['Where', node('Where', ['m', 'x', 'near'], 'z')],
      ['Add,Add', node('Add', ['x', 'b'], 'a'), node('Add', ['a', 'b'], 'z')],
      ['Add,Mul', node('Add', ['x', 'b'], 'a'), node('Mul', ['a', 's'], 'z')],
      ['Mul', node('Mul', ['x', 'two'], 'z')],
      ['Add', node('Add', ['x', 's'], 'z')],
      ['Add', node('Add', ['x', 'rows'], 'z')],
      ['Add', node('Add', ['x', 'all'], 'z')],
      ['Tanh', node('Tanh', ['x'], 'z')],
      ['Reshape,Mul', node('Reshape', ['x', 'shape'], 'r'), node('Mul', ['r', 's'], 'z')],
    ];
    for (const [types, ...nodes] of all)
      expect(readBefore(nodes, { constants, inputs })).toEqual({
        kind: 'others',
        operator: 'Softmax',
        types: types.split(','),
      });
  });

  it('should read nothing of several operators, and pass by what changes shapes alone', () => {
    expect(readBefore([node('Softmax', ['x'], 'z')])).toEqual({ kind: 'unknown' });
    expect(readBefore([node('Reshape', ['x', 'shape'], 'r'), node('Transpose', ['r'], 'z')])).toEqual(
      noSteps,
    );
  });
});

describe('nearScores', () => {
  it('should be what fixed options make of logits', () => {
    const logits = Float32Array.of(1, 2, 3, 4);
    const made = (fixed: object, axis = 1) => nearScores({ ...noSteps, axis, fixed }, logits, [2, 2]);
    expect(made({})).toEqual(logits);
    const bias = Float32Array.of(0, 1);
    expect(made({ temperature: 2, bias })).toEqual(Float32Array.of(0.5, 2, 1.5, 3));
    expect(made({ bias }, 2)).toEqual(Float32Array.of(1, 2, 4, 5));
    expect(made({ scale: 3, softcap: 1 })).toEqual(logits.map((x) => Math.tanh(3 * x)));
  });
});
