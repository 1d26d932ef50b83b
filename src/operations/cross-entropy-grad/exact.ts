/** p_j / N, at the target -(sum of the others) / N, exactly. */
import { enclosed, relative } from '../enclose.ts';
import type { RowSpec } from '../operation.ts';

/** See {@link RowSpec}. */
export const exact: RowSpec['exact'] = ({ evaluation }, i, { target, rows }) =>
  enclosed(evaluation, (row) =>
    relative(row, (i === target ? row.othersOf(i).neg() : row.terms[i].probability).div(rows)),
  );
