/** Exact values by enclosures that are refined until their rounding is certain: ziv.ts. */
import type { Decimal } from '../row/decimal.ts';
import { Wide } from '../row/decimal.ts';
import type { ExactRow } from '../row/exact-row.ts';
import { type Enclosure, type Evaluation, type Settled, settle } from '../row/ziv.ts';

/** What `enclose` makes of a row, with as many digits as its rounding needs. */
export function enclosed({ current, refine }: Evaluation, enclose: (row: ExactRow) => Enclosure): Settled {
  return settle(() => enclose(current()), refine);
}

/** A value that has the row's relative error. */
export function relative(row: ExactRow, value: Decimal): Enclosure {
  return { value: new Wide(value), error: value.abs().times(row.relativeError) };
}
