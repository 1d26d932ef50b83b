/**
 * What the diagnosis says of each faulty kernel of the zoo: findings, faults, the cause that is named first, how many answers agree, and whether it is the kernel's
 * (`src/kernels/zoo/causes.ts`). Needs `dist`.
 *
 *     npm run test:diagnosis [-- --runs 300 --only Z01,Z02]
 *
 * Of the kernels with a known mistake that are found, 95 % are to be named by it; of all that are found, 90 % are to be one fault; no other name is ever right. Exit 1 where the whole zoo falls short.
 */
import { parseArgs } from 'node:util';
import { faultsOf } from '../dist/campaign/explain/faults.js';
import { fuzz } from '../dist/campaign/fuzz.js';
import { causes } from '../dist/kernels/zoo/causes.js';
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

/** `right` and `wrong` are of what is named; `unnamed` has a known mistake that is not told; `-` has none, and none is told. */
function judged(id, cause) {
  const own = causes[id];
  if (cause === undefined) return own === undefined ? '-' : 'unnamed';
  return cause.words === own ? 'right' : 'wrong';
}

const counts = { entries: 0, found: 0, oneFault: 0, right: 0, unnamed: 0, wrong: 0 };
for (const { id, name, fault, kernel, declaration } of zoo) {
  if (only !== undefined && !only.includes(id)) continue;
  const start = performance.now();
  const target = createTarget(id, kernel, declaration);
  const run = await fuzz([target], { seed: Number(values.seed), runs: Number(values.runs) });
  const { findings } = run.targets[0];
  const faults = faultsOf(findings, (finding) => finding);
  const cause = faults.find((each) => each.cause !== null)?.cause;
  const verdict = findings.length === 0 ? 'not found' : judged(id, cause);
  counts.entries++;
  if (findings.length > 0) counts.found++;
  if (faults.length === 1) counts.oneFault++;
  if (verdict in counts) counts[verdict]++;
  const exact = cause?.isExact ? ', exact' : '';
  const said = cause === undefined ? '' : `${cause.words} (${cause.explains} of ${cause.of}${exact})`;
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  console.log(
    `${id}  ${findings.length} findings, ${faults.length} faults  ${verdict}  ${said}  | ${name}: ${fault}  (${seconds} s)`,
  );
}

const { found, oneFault, right, unnamed, wrong } = counts;
const percent = (part, of) => `${((100 * part) / Math.max(1, of)).toFixed(1)} %`;
const known = right + unnamed;
console.log(
  `\n${found} of ${counts.entries} found; one fault: ${oneFault}, ${percent(oneFault, found)}; ` +
    `of ${known} with a known mistake named by it: ${right}, ${percent(right, known)}; named wrongly: ${wrong}`,
);
if (only === undefined && !(right >= 0.95 * known && oneFault >= 0.9 * found && wrong === 0))
  process.exitCode = 1;
