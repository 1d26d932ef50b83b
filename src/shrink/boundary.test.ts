import { describe, expect, it } from 'vitest';
import { type Batch, batchOf } from '../core/batch.ts';
import { fromHex } from '../float32/bits.ts';
import { EXP_OVERFLOW, EXP_UNDERFLOW } from '../float32/constants.ts';
import { toOrdinal } from '../float32/ordinal.ts';
import { boundary } from './boundary.ts';

const exp = (x: number) => Math.fround(Math.exp(x));
const overflows = ({ logits }: Batch) => logits.some((x) => exp(x) === Infinity);

describe('boundary', () => {
  it('should find where exp overflows', async () => {
    expect(await boundary(batchOf([[89]]), overflows)).toEqual({
      cell: 0,
      passes: fromHex('42b17217'),
      fails: fromHex('42b17218'),
    });
    expect(fromHex('42b17218')).toBe(EXP_OVERFLOW);
  });

  it('should find where exp underflows', async () => {
    const found = await boundary(batchOf([[-104]]), ({ logits }) => logits.every((x) => exp(x) === 0));
    expect(found).toEqual({ cell: 0, passes: fromHex('c2cff1b4'), fails: fromHex('c2cff1b5') });
    expect(found?.fails).toBe(EXP_UNDERFLOW);
  });

  it('should vary the largest of the cells that matter', async () => {
    const fails = ({ logits }: Batch) => logits[1] >= 50 && logits[2] >= 60;
    expect(await boundary(batchOf([[1000, 200, 100, -Infinity]]), fails)).toMatchObject({
      cell: 1,
      fails: 50,
    });
  });

  it('should prefer a finite cell to an infinite one', async () => {
    const fails = ({ logits }: Batch) => logits[0] === -Infinity && logits[1] >= 50;
    expect(await boundary(batchOf([[-Infinity, 200]]), fails)).toMatchObject({ cell: 1, fails: 50 });
  });

  it('should vary an infinite cell when no finite one matters', async () => {
    const masked = ({ logits }: Batch) => logits[1] === -Infinity;
    expect(await boundary(batchOf([[5, -Infinity]]), masked)).toEqual({
      cell: 1,
      passes: fromHex('ff7fffff'),
      fails: -Infinity,
    });
  });

  it('should leave zeros for another value when they matter', async () => {
    const tie = ({ logits }: Batch) => logits[0] === logits[1];
    expect(await boundary(batchOf([[0, 0]]), tie)).toEqual({
      cell: 1,
      passes: fromHex('00000001'),
      fails: 0,
    });
  });

  it.each([
    [1, (x: number) => x < 0.5 || x > 100],
    [-1, (x: number) => x > -0.5 || x < -100],
    [128, (x: number) => x < 50],
    [-128, (x: number) => x > -50],
  ])(
    'should put %d for a zero where that passes, and ask for no batch that is known to fail',
    async (_, fails) => {
      const asked: number[] = [];
      const found = await boundary(batchOf([[0]]), ({ logits: [x] }) => {
        asked.push(x);
        return fails(x);
      });
      const { passes = 0, fails: failing = 0 } = found ?? {};
      expect(asked).not.toContain(0);
      expect([fails(passes), fails(failing)]).toEqual([false, true]);
      expect(Math.abs(toOrdinal(passes) - toOrdinal(failing))).toBe(1);
    },
  );

  it('should end at a true edge of a failure that is no threshold', async () => {
    const banded = ({ logits }: Batch) => Math.floor(logits[0] / 10) % 2 === 1;
    const found = await boundary(batchOf([[95]]), banded);
    expect(found).not.toBeNull();
    expect(banded(batchOf([[found?.fails ?? 0]]))).toBe(true);
    expect(banded(batchOf([[found?.passes ?? 0]]))).toBe(false);
  });

  it('should be null where no cell matters', async () => {
    let asked = 0;
    const always = () => {
      asked++;
      return true;
    };
    expect(await boundary(batchOf([Array.from({ length: 100 }, (_, i) => i)]), always)).toBeNull();
    expect(await boundary(batchOf([[Number.NaN]]), always)).toBeNull();
    expect(asked).toBeLessThanOrEqual(20);
  });
});
