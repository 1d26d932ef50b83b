import { describe, expect, it } from 'vitest';
import { modelOf } from './model.ts';

/** Bytes in hexadecimal, or a text, without the spaces that only show what belongs together. */
const bytesOf = (...parts: readonly (string | { readonly text: string })[]): string =>
  parts
    .map((part) =>
      typeof part === 'string' ? part.replaceAll(' ', '') : Buffer.from(part.text).toString('hex'),
    )
    .join('');
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

describe('modelOf', () => {
  // onnxruntime loads them, and `protoc --decode_raw` reads them so: a tag in the first byte, then a length.
  it('should be a model of one operator, of any size', () => {
    const dimensions = bytesOf('0a06 1204', { text: 'rows' }, '0a06 1204', { text: 'cols' });
    expect(hex(modelOf('softmax'))).toBe(
      bytesOf(
        ...['08 07', '12 0c', { text: 'softmax-fuzz' }, '3a 75'], // ir_version, producer_name, graph:
        ...['0a 26', '0a 06', { text: 'logits' }, '12 06', { text: 'answer' }], // node: input, output,
        ...['22 07', { text: 'Softmax' }], // op_type,
        ...['2a 0b', '0a 04', { text: 'axis' }, '18 01', 'a001 02'], // attribute: name, i, type INT
        ...['12 07', { text: 'softmax' }], // name
        ...['5a 20', '0a 06', { text: 'logits' }, '12 16 0a 14 08 01 12 10', dimensions], // input: name, FLOAT, shape
        ...['62 20', '0a 06', { text: 'answer' }, '12 16 0a 14 08 01 12 10', dimensions], // output
        ...['42 04', '0a 00', '10 0d'], // opset_import: domain, version
      ),
    );
  });

  it('should be of FP16 where that is asked for, but for the classes of targets', () => {
    const tensorOf = (name: string, type: string) =>
      bytesOf('0a 06', { text: name }, '12 16 0a 14 08', type, '12 10');
    expect(hex(modelOf('softmax', 'fp16'))).toBe(
      ['logits', 'answer'].reduce(
        (model, name) => model.replace(tensorOf(name, '01'), tensorOf(name, '0a')),
        hex(modelOf('softmax')),
      ),
    );
    expect(hex(modelOf('crossEntropy', 'fp16'))).toContain(
      bytesOf('5a 19', '0a 07', { text: 'targets' }, '12 0e 0a 0c 08 06'),
    );
  });

  it('should reduce along the columns, which are not kept', () => {
    expect(hex(modelOf('logSumExp'))).toContain(
      bytesOf(
        ...['22 0f', { text: 'ReduceLogSumExp' }],
        ...['2a 0b', '0a 04', { text: 'axes' }, '40 01', 'a001 07'], // ints, type INTS
        ...['2a 0f', '0a 08', { text: 'keepdims' }, '18 00', 'a001 02'],
      ),
    );
  });

  it('should give a loss the targets too, and the mean', () => {
    const model = hex(modelOf('crossEntropy'));
    expect(model).toContain(
      bytesOf('2a 14', '0a 09', { text: 'reduction' }, '22 04', { text: 'mean' }, 'a001 03'), // s, type STRING
    );
    expect(model).toContain(
      bytesOf('5a 19', '0a 07', { text: 'targets' }, '12 0e 0a 0c 08 06 12 08 0a 06 12 04', { text: 'rows' }),
    );
    expect(model).toContain(bytesOf('62 10', '0a 06', { text: 'answer' }, '12 06 0a 04 08 01 12 00')); // a scalar
  });

  it('should give a loss its reduction, the index that it ignores and its weights', () => {
    const model = hex(
      modelOf('crossEntropy', 'fp32', { reduction: 'none', ignoreIndex: -100, hasWeights: true }),
    );
    const attributes = [
      ...['2a 14', '0a 09', { text: 'reduction' }, '22 04', { text: 'none' }, 'a001 03'],
      ...['2a 1c', '0a 0c', { text: 'ignore_index' }, '18 9cffffffffffffffff01', 'a001 02'], // i, type INT
    ];
    expect(model).toContain(bytesOf(...attributes));
    expect(model).toContain(bytesOf('0a 07', { text: 'targets' }, '0a 07', { text: 'weights' }, '12 06'));
    expect(model).toContain(
      bytesOf('5a 19', '0a 07', { text: 'weights' }, '12 0e 0a 0c 08 01 12 08 0a 06 12 04', { text: 'cols' }),
    );
    expect(model).toContain(
      bytesOf('62 18', '0a 06', { text: 'answer' }, '12 0e 0a 0c 08 01 12 08 0a 06 12 04', { text: 'rows' }),
    );
  });
});
