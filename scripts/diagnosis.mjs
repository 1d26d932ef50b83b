/**
 * What the diagnosis says of each faulty kernel of the zoo: faults, the cause that is named first, how many answers agree. Needs `dist`.
 *
 *     npm run test:diagnosis [-- --runs 300 --only Z01,Z02]
 *
 * And of the correct designs, whose findings there must be none of: nothing.
 */
import { parseArgs } from 'node:util';
import { faultsOf } from '../dist/campaign/faults.js';
import { fuzz } from '../dist/campaign/fuzz.js';
import { zoo } from '../dist/kernels/zoo/index.js';
import { createTarget } from '../dist/targets/create.js';

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '300' },
    only: { type: 'string' },
    seed: { type: 'string', default: '1' },
  },
});
const only = values.only?.split(',');
const counts = { entries: 0, found: 0, one: 0, named: 0 };
for (const { id, name, fault, kernel, declaration } of zoo) {
  if (only !== undefined && !only.includes(id)) continue;
  const start = performance.now();
  const target = createTarget(id, kernel, declaration);
  const run = await fuzz([target], { seed: Number(values.seed), runs: Number(values.runs) });
  const { findings } = run.targets[0];
  const faults = faultsOf(findings, (finding) => finding);
  const [{ cause } = { cause: null }] = faults.filter((each) => each.cause !== null);
  counts.entries++;
  if (findings.length > 0) counts.found++;
  if (faults.length === 1) counts.one++;
  if (cause !== null) counts.named++;
  const said =
    cause === null
      ? '-'
      : `${cause.words} (${cause.explains} of ${cause.of}${cause.isExact ? ', exact' : ''})`;
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  console.log(
    `${id}  ${findings.length} findings, ${faults.length} faults  ${said}  | ${name}: ${fault}  (${seconds} s)`,
  );
}
console.log(counts);
