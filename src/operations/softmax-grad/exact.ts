/** p_i sum_j p_j (g_i - g_j), exactly: row/vector-jacobian.ts. */
import type { RowSpec } from '../operation.ts';

/** See {@link RowSpec}. */
export const exact: RowSpec['exact'] = ({ products }, i) => products().softmaxGrad(i);
