import { describe, expect, it } from 'vitest';
import { batchOf } from '../core/batch.ts';
import { withOptions } from '../options/index.ts';
import { builtinTarget } from '../targets/builtin.ts';
import { createTarget } from '../targets/create.ts';
import { batchFor } from './take.ts';

const { kernel } = builtinTarget('stable');
const plain = createTarget('plain', kernel);
const target = createTarget('mine', kernel, {
  options: {
    softmax: { scale: 0.125, mask: true },
    logSoftmax: ['temperature'],
  },
});
const batch = batchOf([[1, 2]]);

describe('batchFor', () => {
  it('should give what is fixed, and what is taken', () => {
    expect(batchFor(target, 'softmax', batch).options).toEqual({ scale: 0.125 });
    const masked = withOptions(batch, { mask: Uint8Array.of(1, 0) });
    expect(batchFor(target, 'softmax', masked).options).toEqual({
      scale: 0.125,
      mask: Uint8Array.of(1, 0),
    });
    const scaled = withOptions(batch, { temperature: 0.7 });
    expect(batchFor(target, 'logSoftmax', scaled)).toBe(scaled);
  });

  it.each([
    [plain, 'softmax', { scale: 2 }, 'plain takes no scale in its softmax'],
    [target, 'softmax', { sink: 0 }, 'mine takes no sink in its softmax'],
    [target, 'softmax', { scale: 2 }, 'mine has another scale in its softmax, a fixed one, than is given'],
    [target, 'logSoftmax', { scale: 3 }, 'mine takes no scale in its logSoftmax'],
  ] as const)('should refuse what is not taken: %#', (of, operation, options, message) => {
    expect(() => batchFor(of, operation, withOptions(batch, options))).toThrow(message);
  });
});
