/**
 * Rows whose logsumexp is next to zero, where its condition number max|x| / |lse| has no bound (P. Blanchard, D. Higham and
 * N. Higham, IMA J. Numer. Anal. 41(4), 2021).
 *
 * For: judges that ask a relative error of a logsumexp, and kernels that return 0 or -0 for whatever is small.
 */
import type { Random } from '../../core/random.ts';
import type { Format } from '../../formats/format.ts';
import { nudge } from '../draw.ts';

/** All n logits within 2 places of -ln n, as FP32: the last bit of Math.log, which engines may choose, is lost. */
export function balanced(random: Random, row: Float32Array, grid: Format): void {
  const share = -Math.log(row.length);
  for (let i = 0; i < row.length; i++) row[i] = nudge(random, share, 2, grid);
}
