import { describe, expect, it } from 'vitest';
import { createTarget } from '../targets/create.ts';
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

  it('should refuse sizes that contradict each other', () => {
    expect(() => sizesFor([ten], { cols: 9 })).toThrow('target ten takes 10 cols alone, and --cols says 9');
    expect(() => sizesFor([any, ten, nine], {})).toThrow(
      'target nine takes 9 cols alone, and target ten says 10',
    );
  });
});
