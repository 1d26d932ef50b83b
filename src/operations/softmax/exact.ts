/** p_i, exactly. */

import { enclosed, relative } from '../enclose.ts';
import type { RowSpec } from '../operation.ts';

/** See {@link RowSpec}. */
export const exact: RowSpec['exact'] = ({ evaluation }, i) =>
  enclosed(evaluation, (row) => relative(row, row.terms[i].probability));
