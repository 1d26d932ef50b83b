/** g_i - p_i sum_j g_j, exactly: row/vector-jacobian.ts. */
import type { RowSpec } from '../operation.ts';

/** See {@link RowSpec}. */
export const exact: RowSpec['exact'] = ({ products }, i) => products().logSoftmaxGrad(i);
