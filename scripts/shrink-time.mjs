/**
 * Measures how long a campaign shrinks for, where calls are slow: of a module in a process of its own whose every call takes 2 ms, and which is wrong in about
 * twelve ways. It forgets the maximum, and refuses more than 50,000 columns. Says of each what is shrunk after how many calls and seconds, and whether it is minimal.
 * Needs `dist`.
 *
 *     npm run test:shrink-time [-- --ms 2 --runs 1500 --seed 1 --ops softmax,crossEntropy --all]
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { fuzz } from '../dist/campaign/fuzz.js';
import { operations } from '../dist/core/operation.js';
import { formatCalls } from '../dist/report/call.js';
import { resolveTarget } from '../dist/targets/resolve.js';

const { values } = parseArgs({
  options: {
    ms: { type: 'string', default: '2' },
    runs: { type: 'string', default: '1500' },
    seed: { type: 'string', default: '1' },
    ops: { type: 'string', default: 'softmax,crossEntropy' },
    all: { type: 'boolean', default: false },
  },
});
const names = values.all ? operations : values.ops.split(',');

const folder = mkdtempSync(join(tmpdir(), 'shrink-time-'));
const file = join(folder, 'slow.mjs');
writeFileSync(
  file,
  `import { naive } from ${JSON.stringify(new URL('../dist/kernels/naive.js', import.meta.url).href)};
const clock = new Int32Array(new SharedArrayBuffer(4));
const slow = (call) => (...given) => {
  Atomics.wait(clock, 0, 0, ${Number(values.ms)});
  const cols = given.filter((each) => typeof each === 'number')[1];
  if (cols > 50000) throw new RangeError(\`no more than 50000 columns: \${cols}\`);
  return call(...given);
};
${names.map((name) => `export const ${name} = slow(naive.${name});`).join('\n')}
`,
);

const { kernel, ...target } = await resolveTarget(file);
let calls = 0;
const counted = Object.fromEntries(
  Object.entries(kernel).map(([name, call]) => [
    name,
    (...given) => {
      calls++;
      return call(...given);
    },
  ]),
);
let begin;
const since = () => ((performance.now() - begin) / 1000).toFixed(1);
const journal = {
  state: null,
  save() {},
  finding() {
    if (begin === undefined) [begin, calls] = [performance.now(), 0];
    return null;
  },
  keep(_, name, finding) {
    const { shrink } = finding;
    console.log(
      `${since().padStart(6)} s ${String(calls).padStart(6)} calls  ${shrink.minimal ? 'minimal' : 'not minimal'} after ${shrink.evaluations} tries  ${name}  ${formatCalls(finding, 8).slice(0, 60)}`,
    );
  },
};
const options = { seed: Number(values.seed), runs: Number(values.runs) };
const run = await fuzz([{ ...target, kernel: counted }], options, { journal });
const { findings } = run.targets[0];
const minimal = findings.filter(({ shrink }) => shrink.minimal).length;
console.log(`${findings.length} findings, ${minimal} minimal, ${since()} s and ${calls} calls of shrinking`);
rmSync(folder, { recursive: true });
process.exit(0);
