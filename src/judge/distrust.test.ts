/** The verdict in a runtime whose Math.exp and Math.log1p are not what double precision needs: by decimal.js alone. */
import { expect, it, vi } from 'vitest';
import { batchOf } from '../core/batch.ts';
import { UNIT_ROUNDOFF as u } from '../float32/constants.ts';
import { defaultProfile } from '../row/profiles.ts';

// Modules loaded anew, as test files share theirs.
vi.resetModules();
vi.doMock('../oracle/sentinels.ts', () => ({ slowBecause: 'Math.exp(1) is 3' }));
const { judge, judgeExactly, estimate } = await import('./judge.ts');
const { createOracle } = await import('../oracle/exact.ts');
vi.doUnmock('../oracle/sentinels.ts');
vi.resetModules();

it.each([
  ['judge', judge],
  ['estimate', estimate],
  ['judgeExactly', judgeExactly],
])('%s should ask nothing of double precision where it is distrusted', (_, by) => {
  const oracle = createOracle(batchOf([[0, 0]]));
  // By these the right number would be wrong, and the wrong one right.
  const wrong = { ...oracle.approximate[0], probabilities: Float64Array.of(0.5 - 10 * u, 0.5 + 5 * u) };
  const output = Float32Array.of(0.5, 0.5 + 5 * u);
  const found = by({ ...oracle, rows: oracle.rows, approximate: [wrong] }, 'softmax', output, defaultProfile);
  expect(found).toMatchObject([{ kind: 'inaccurate', severity: 'warning', index: 1 }]);
});
