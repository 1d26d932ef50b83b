import { describe, expect, it } from 'vitest';
import { createTarget } from '../../targets/create.ts';
import { sizesFor } from './sizes.ts';

const kernel = { softmax: (logits: Float32Array) => logits };
const any = createTarget('any', kernel);
const ten = createTarget('ten', kernel, { cols: 10 });
const oneOfTen = createTarget('one', kernel, { rows: 1, cols: 10 });
const nine = createTarget('nine', kernel, { cols: 9 });

describe('sizesFor', () => {
  it('should be what is asked for where targets take anything', () => {
    expect(sizesFor([any], { cols: 3, maxRows: 4 })).toEqual({ cols: 3, maxRows: 4 });
    expect(sizesFor([any], { cols: undefined })).toEqual({ cols: undefined });
  });

  it('should be what targets are compiled for', () => {
    expect(sizesFor([any, ten], {})).toEqual({ cols: 10 });
    expect(sizesFor([ten, oneOfTen], { cols: 10 })).toEqual({ rows: 1, cols: 10 });
  });

  it('should be limited by what all targets take', () => {
    const tiles = createTarget('tiles', {}, { multipleOf: 8, maxCols: 1024 });
    const blocks = createTarget('blocks', {}, { multipleOf: 12, maxRows: 64, maxCols: 512 });
    expect(sizesFor([any, tiles, blocks], {})).toEqual({ limitRows: 64, limitCols: 512, multipleOf: 24 });
    expect(() => sizesFor([tiles], { cols: 7 })).toThrow(
      'target tiles takes at most 1024 columns, multiples of 8 columns, and batches have 1 x 7',
    );
  });

  it('should refuse sizes that contradict each other', () => {
    expect(() => sizesFor([ten], { cols: 9 })).toThrow('target ten takes 10 cols alone, and --cols says 9');
    expect(() => sizesFor([any, ten, nine], {})).toThrow(
      'target nine takes 9 cols alone, and target ten says 10',
    );
  });
});
