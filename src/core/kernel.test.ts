import { describe, expect, it } from 'vitest';
import { batchOf } from './batch.ts';
import { callKernel, type Kernel, operationsOf } from './kernel.ts';
import { operations } from './operation.ts';

const batch = batchOf(
  [
    [1, 2],
    [3, 4],
  ],
  [1, 0],
  [5, 6, 7, 8],
);

describe('operationsOf', () => {
  it('should list the functions in the order of reports', () => {
    const kernel = { crossEntropy: () => 0, softmax: () => new Float32Array(), logSumExp: 3, helper() {} };
    expect(operationsOf(kernel as unknown as Kernel)).toEqual(['softmax', 'crossEntropy']);
  });

  it('should see methods of a class', () => {
    class Kernels {
      logSumExp = (logits: Float32Array) => logits;
      softmax(logits: Float32Array) {
        return logits;
      }
    }
    expect(operationsOf(new Kernels())).toEqual(['softmax', 'logSumExp']);
  });
});

describe('callKernel', () => {
  it.each(operations)('should give %s the arguments of the contract', (operation) => {
    const kernel = { [operation]: (...given: unknown[]) => given } as unknown as Kernel;
    const losses = operation === 'crossEntropy' || operation === 'crossEntropyGrad';
    const products = operation === 'softmaxGrad' || operation === 'logSoftmaxGrad';
    const first = products ? [batch.upstream] : [];
    const then = losses ? [batch.targets] : [];
    expect(callKernel(kernel, operation, batch)).toEqual([...first, batch.logits, ...then, 2, 2]);
  });

  it('should put probabilities in the place of the targets of a loss, and of no other operation', () => {
    const probabilities = Float32Array.of(0, 1, 1, 0);
    const soft = { ...batch, options: { probabilities, zLoss: 1 } };
    const given = (operation: 'crossEntropy' | 'logSumExp') =>
      callKernel({ [operation]: (...all: unknown[]) => all } as unknown as Kernel, operation, soft);
    expect(given('crossEntropy')).toEqual([batch.logits, probabilities, 2, 2, { zLoss: 1 }]);
    expect(given('logSumExp')).toEqual([batch.logits, 2, 2, soft.options]);
  });

  it('should give ones where a batch has no upstream values', () => {
    const kernel = { softmaxGrad: (upstream: Float32Array) => upstream };
    expect(callKernel(kernel, 'softmaxGrad', batchOf([[5, 6]]))).toEqual(Float32Array.of(1, 1));
  });

  it('should let an object kernel see itself', () => {
    const kernel = {
      scale: 2,
      softmax(this: { scale: number }, logits: Float32Array) {
        return logits.map((x) => x * this.scale);
      },
    };
    expect(callKernel(kernel as Kernel, 'softmax', batch)).toEqual(Float32Array.of(2, 4, 6, 8));
  });

  it('should refuse an operation that the kernel lacks', () => {
    expect(() => callKernel({}, 'logSumExp', batch)).toThrow(new TypeError('the kernel has no logSumExp'));
  });
});
