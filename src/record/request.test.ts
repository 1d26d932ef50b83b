import { describe, expect, it } from 'vitest';
import { UserError } from '../text/errors.ts';
import { answerLine, parseRequest } from './request.ts';

const request = { rows: 1, cols: 2, logits: ['42b20000', '00000000'], targets: [0] };

describe('answerLine', () => {
  it('should answer every operation, the loss with one word', () => {
    expect(JSON.parse(answerLine(parseRequest(JSON.stringify(request), 'line 1')))).toEqual({
      softmax: ['3f800000', '001840fc'],
      logSoftmax: ['801840fc', 'c2b20000'],
      logSumExp: ['42b20000'],
      crossEntropy: '001840fc',
      crossEntropyGrad: ['801840fc', '001840fc'],
    });
  });

  it('should answer vector-Jacobian products where there are upstream values', () => {
    const text = JSON.stringify({
      ...request,
      logits: ['00000000', '00000000'],
      upstream: ['3f800000', '00000000'],
    });
    expect(JSON.parse(answerLine(parseRequest(text, 'line 1')))).toMatchObject({
      softmaxGrad: ['3e800000', 'be800000'],
      logSoftmaxGrad: ['3f000000', 'bf000000'],
    });
  });

  it('should leave the losses out where there are no targets', () => {
    const text = JSON.stringify({ ...request, targets: undefined });
    expect(Object.keys(JSON.parse(answerLine(parseRequest(text, 'line 1'))))).toEqual([
      'softmax',
      'logSoftmax',
      'logSumExp',
    ]);
  });
});

describe('parseRequest', () => {
  it.each([
    ['{', 'line 7 is not JSON: '],
    ['[1]', 'line 7, at rows: '],
    ['{"rows":1e12,"cols":1,"logits":[]}', 'line 7: 0 logits do not fill 1000000000000 x 1'],
    ['{"rows":1,"cols":1,"logits":["42b2000"]}', "line 7, at logits.0: '42b2000' is not a word"],
    ['{"rows":1,"cols":1,"logits":["42b20000"],"targets":[1]}', 'line 7: the target of row 0 is 1'],
    ['{"rows":1,"cols":1,"logits":["42b20000"],"target":[0]}', 'line 7, at target: '],
    [
      '{"rows":1,"cols":1,"logits":["42b20000"],"upstream":["7f800000"]}',
      'line 7: upstream value 0 is Infinity: expected a finite FP32 value',
    ],
    [
      '{"rows":1,"cols":1,"logits":[89]}',
      'line 7, at logits.0: 89 is not a word: expected hex digits in quotes, "42b20000" for 89',
    ],
  ])('should refuse %s', (text, message) => {
    expect(() => parseRequest(text, 'line 7')).toThrow(UserError);
    expect(() => parseRequest(text, 'line 7')).toThrow(message);
  });
});
