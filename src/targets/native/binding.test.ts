import { describe, expect, it } from 'vitest';
import type { Operation } from '../../core/operation.ts';
import { conventionalNames, operationOfName } from '../names.ts';
import { bindPrototype } from './binding.ts';
import { conventionalPrototype } from './convention.ts';
import { parsePrototype } from './prototype.ts';

const bind = (list: string, operation: Operation = 'softmax', result = 'void') =>
  bindPrototype(parsePrototype(`${result} f(${list})`), operation, ['none', 'mean', 'sum']);
const rolesOf = (list: string, operation?: Operation, result?: string) =>
  bind(list, operation, result).parameters.map(({ role }) => role);

describe('bindPrototype', () => {
  it.each<[string, Operation, string]>([
    ['const float *logits, float *out, int rows, int cols', 'softmax', 'logits out rows cols'],
    ['const float*, float*, int, int', 'softmax', 'logits out rows cols'],
    ['float *dst, const float *src, size_t n', 'softmax', 'out logits cols'],
    ['float *out, float *in, int B, int V', 'softmax', 'out logits rows cols'],
    ['const float *A, float *B, int m, int n', 'softmax', 'logits out rows cols'],
    ['const float *x, float *y, int N, int C', 'softmax', 'logits out rows cols'],
    ['int batch_size, int n, const float *x_ptr, float *y_ptr', 'softmax', 'rows cols logits out'],
    ['float *x, int n', 'softmax', 'logits cols'],
    ['float *, int', 'softmax', 'logits cols'],
    [
      'const float *x, float *y, int n, float scale = 1, int axis = -1',
      'softmax',
      'logits out cols constant constant',
    ],
    [
      'const float *x, const int64_t *y, float *losses, int n, int c',
      'crossEntropy',
      'logits targets out rows cols',
    ],
    ['const float *x, int y, float *loss, int n', 'crossEntropy', 'logits target out cols'],
    [
      'const float *logits, const int *, float *grad, int, int',
      'crossEntropyGrad',
      'logits targets out rows cols',
    ],
    [
      'const float *dy, const float *x, float *dx, int m, int n',
      'softmaxGrad',
      'upstream logits out rows cols',
    ],
    ['float *dx, const float *, const float *grad, int n', 'logSoftmaxGrad', 'out logits upstream cols'],
    ['const float *grad_output, float *x, int n', 'softmaxGrad', 'upstream logits cols'],
    [
      'const float *x, float *y, int rows, int cols, float sm_scale, float logit_softcap, const float *sinks',
      'softmax',
      'logits out rows cols scale softcap sink',
    ],
    [
      'const float *x, const bool *mask, const float *attn_bias, float *out, int n, double temperature, float sink',
      'logSoftmax',
      'logits mask bias out cols temperature sink',
    ],
    ['const float *attn_mask, const float *, float *, int', 'softmax', 'bias logits out cols'],
    [
      'const float *x, const int *mask, float *y, int rows, int cols, const float *bias = NULL, float scale = 0.125',
      'softmax',
      'logits mask out rows cols constant constant',
    ],
    [
      'const float *logits, const int64_t *targets, const float *weight, float *losses, int rows, int cols, int reduction, int64_t ignore_index, float label_smoothing, float lse_square_scale',
      'crossEntropy',
      'logits targets classWeights out rows cols reduction ignoreIndex labelSmoothing zLoss',
    ],
    [
      'const float *grad_output, const float *x, const int *target, const float *soft_targets, float *grad, int rows, int cols, double z_loss',
      'crossEntropyGrad',
      'lossUpstream logits targets probabilities out rows cols zLoss',
    ],
    [
      'const float *x, int y, float g, float *dx, int n',
      'crossEntropyGrad',
      'logits target lossUpstream out cols',
    ],
    [
      'const float *x, const float *labels, int rows, int cols, float *loss',
      'crossEntropy',
      'logits probabilities rows cols out',
    ],
    [
      'const float *x, const int *t, float *grad, int rows, int cols, int reduction = 2, int ignore_index = -1',
      'crossEntropyGrad',
      'logits targets out rows cols constant constant',
    ],
  ])('should tell what the parameters of (%s) are for', (list, operation, roles) => {
    expect(rolesOf(list, operation).join(' ')).toBe(roles);
  });

  it('should tell where the answer is', () => {
    const answers = (...args: Parameters<typeof bind>) => {
      const { answer, isByRow, isLossOfRow } = bind(...args);
      return [answer, isByRow, isLossOfRow];
    };
    expect(answers('const float *x, float *y, int n')).toEqual(['out', true, true]);
    expect(answers('float *x, int rows, int cols')).toEqual(['logits', false, false]);
    expect(answers('float *grad_out, const float *x, int n', 'softmaxGrad')).toEqual([
      'upstream',
      true,
      true,
    ]);
    expect(answers('const float *x, int n', 'logSumExp', 'float')).toEqual([null, true, true]);
    const loss = 'const float *x, const int *t, int rows, int cols';
    expect(answers(loss, 'crossEntropy', 'double')).toEqual([null, false, false]);
    expect(answers(`${loss}, float *loss`, 'crossEntropy')).toEqual(['out', false, false]);
    expect(answers(`${loss}, float *losses`, 'crossEntropy')).toEqual(['out', false, true]);
  });

  it.each<[string, Operation, string]>([
    [
      'const float *x, const float *weights, float *y, int n',
      'softmax',
      "'const float *weights' could be anything",
    ],
    ['float *y, const uint8_t *padding, int n', 'softmax', "'const uint8_t *padding' could be anything"],
    [
      'const float *x, const float *bias, const float *mask, float *y, int n',
      'softmax',
      "'const float *bias' and 'const float *mask' are both bias",
    ],
    [
      'const float *x, float *y, int rows, int cols, float sink',
      'softmax',
      "'float sink' is one number for all rows",
    ],
    [
      'const __bf16 *x, const __bf16 *bias, __bf16 *y, int n',
      'softmax',
      "'const __bf16 *bias' is of 16 bits",
    ],
    ['const float *x, const double *bias, float *y, int n', 'softmax', "'const double *bias' is of double"],
    ['float *a, float *b, int n', 'softmax', "'float *a' could be anything"],
    [
      'const float *x, float *y, int n, float label_smoothing',
      'softmax',
      "'float label_smoothing' is nothing that a kernel is given",
    ],
    [
      'const float *x, const int *t, float *y, int rows, int cols, size_t ignore_index',
      'crossEntropy',
      "'size_t ignore_index' has no sign",
    ],
    [
      'const float *x, const float *targets, float *y, int rows, int cols, int ignore_index',
      'crossEntropy',
      'it takes an index to ignore, and no indices',
    ],
    [
      'const float *x, const int *t, float *y, int rows, int cols, int reduction = 3',
      'crossEntropy',
      "'int reduction = 3' is no reduction",
    ],
    [
      'const float *x, int t, float *y, int n, int reduction',
      'crossEntropy',
      "'int reduction' is of one row, which is not reduced",
    ],
    [
      'const float *x, const int *t, float *y, int rows, int cols, float upstream',
      'crossEntropy',
      "'float upstream' is nothing",
    ],
    [
      'const float *x, const int *t, const float *grad_output, int rows, int cols',
      'crossEntropy',
      'it takes upstream: ',
    ],
    ['const float *x, float *y, int n, int padding', 'softmax', "'int padding' could be anything"],
    ['const float *x, float *y, int a, int b, int c', 'softmax', "'int a' could be anything"],
    ['const float *x, float *y, int, int, int', 'softmax', "'int' could be anything"],
    [
      'const float *x, float *y, int n, float eps',
      'softmax',
      "'float eps' is nothing that a kernel is given",
    ],
    ['const double *x, double *y, int n', 'softmax', "'const double *x' is nothing that"],
    ['const float *x, const float *y, int n', 'softmax', "'const float *y' is const, and called an answer"],
    ['const float *x, float *y, float *out, int n', 'softmax', "'float *y' and 'float *out' are both out"],
    ['const float *x, int n', 'softmax', 'it has nothing to answer softmax in'],
    ['float *x, int rows, int cols', 'logSumExp', 'it has nothing to answer logSumExp in'],
    ['float *dy, float *x, int n', 'softmaxGrad', "it may answer in 'float *dy' or 'float *x'"],
    ['float *y, int n', 'softmax', 'it takes no logits: '],
    ['const float *x, float *y', 'softmax', 'it takes no cols: '],
    ['const float *x, float *y, int rows', 'softmax', 'it takes no cols: '],
    ['const float *x, float *y, int n', 'crossEntropyGrad', 'it takes no targets: '],
    [
      'const float *x, const int *t, float *y, int n',
      'softmax',
      'it takes targets: by its name it is softmax',
    ],
    ['const float *x, float *y, int n', 'softmaxGrad', 'it takes no upstream: '],
    [
      'const float *x, int label, float *loss, int rows, int cols',
      'crossEntropy',
      'it takes one target for many rows',
    ],
  ])('should refuse (%s) as %s', (list, operation, message) => {
    expect(() => bind(list, operation)).toThrow(message);
  });
});

describe('operationOfName', () => {
  it('should know every name that is tried where none is given, and its declaration', () => {
    for (const operation of ['softmax', 'logSumExp', 'crossEntropyGrad', 'logSoftmaxGrad'] as const)
      for (const symbol of conventionalNames(operation)) {
        expect(operationOfName(symbol)).toBe(operation);
        const declaration = parsePrototype(conventionalPrototype(symbol, operation));
        expect(
          bindPrototype(declaration, operation, []).parameters.map(({ role, name }) => [role, name]),
        ).toEqual(declaration.parameters.map(({ name }) => [name, name]));
      }
  });

  it.each([
    ['my_softmax_avx2', 'softmax'],
    ['forward', 'softmax'],
    ['LogSoftmax_f32', 'logSoftmax'],
    ['lse_rows', 'logSumExp'],
    ['softmax_cross_entropy_with_logits', 'crossEntropy'],
    ['nll_loss_backward', 'crossEntropyGrad'],
    ['softmax_bwd', 'softmaxGrad'],
    ['log_softmax_vjp', 'logSoftmaxGrad'],
    ['logsumexp_grad', null],
  ])('should take %s for %s', (symbol, operation) => {
    expect(operationOfName(symbol)).toBe(operation);
  });
});
