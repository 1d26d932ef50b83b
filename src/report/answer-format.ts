/** The format of the answers of a finding. */
import type { Finding } from '../core/finding.ts';
import type { Format } from '../formats/format.ts';
import { formats as grids } from '../formats/index.ts';

/** The format in which a finding's target answers. */
export function answerOf({ formats }: Pick<Finding, 'formats'>): Format {
  return grids[formats?.answer ?? 'fp32'];
}
