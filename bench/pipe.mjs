/**
 * The second part of `npm run bench`: what a pipe to a process carries, and what is left of a campaign's rate behind it. Medians. The echo is a
 * module in a process of its own; with `cc` on the PATH the C adapter runs too.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fuzz } from '../dist/campaign/fuzz.js';
import { resolveTarget } from '../dist/targets/resolve.js';
import { nanosecondsPerLogit, table } from './measure.mjs';

const folder = mkdtempSync(join(tmpdir(), 'softmax-fuzz-bench-'));
process.on('exit', () => rmSync(folder, { recursive: true }));

function moduleOf(name, source) {
  writeFileSync(join(folder, name), source);
  return join(folder, name);
}

/** As many calls as said, so many of them under way at once; gives how many logits they carried. */
async function callAll({ kernel }, { rows, cols, calls, lanes }) {
  const logits = new Float32Array(rows * cols).fill(0.5);
  let left = calls;
  const lane = async () => {
    while (left-- > 0) await kernel.softmax(logits, rows, cols);
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return calls * rows * cols;
}

const echo = await resolveTarget(moduleOf('echo.mjs', 'export const softmax = (logits) => logits;'));
const rows = [];
for (const shape of [
  { rows: 1, cols: 8, calls: 2000, lanes: 1 },
  { rows: 1, cols: 8, calls: 20_000, lanes: 32 },
  { rows: 8, cols: 64, calls: 10_000, lanes: 32 },
  { rows: 64, cols: 1024, calls: 100, lanes: 4 },
]) {
  const ns = await nanosecondsPerLogit(() => callAll(echo, shape));
  const what = `echo, ${shape.rows} x ${shape.cols}, ${shape.lanes} under way`;
  rows.push([what, 1e9 / (ns * shape.rows * shape.cols), 1e3 / ns]);
}
console.log(table(['what', 'calls a second', 'million logits a second'], rows));

const index = new URL('../dist/kernels/index.js', import.meta.url).href;
const stable = moduleOf(
  'stable.mjs',
  `import { stable } from '${index}';
   export const softmax = (logits, rows, cols) => stable.softmax(logits, rows, cols);
   export const target = { profile: 'sequential' };`,
);
const contenders = [
  ['stable kernel, in process', await resolveTarget(stable, { inProcess: true })],
  ['stable kernel, behind the pipe', await resolveTarget(stable)],
];
const source = new URL('../adapters/c/softmax_fuzz_adapter.c', import.meta.url).pathname;
const program = join(folder, 'c-kernel');
if (spawnSync('cc', ['-O2', '-o', program, source, '-lm']).status === 0)
  contenders.push(['C kernel, behind the pipe', await resolveTarget(`cmd:${program}`)]);
else console.log('\nno C compiler cc: the C kernel is left out');

const campaigns = [];
for (const [name, target] of contenders) {
  let seed = 0;
  const ns = await nanosecondsPerLogit(async () => {
    const run = await fuzz([target], {
      seed: ++seed,
      runs: 3000,
      operations: ['softmax'],
      generation: { maxRows: 16, maxCols: 1100, maxCells: 8192 },
    });
    return run.targets[0].elements;
  }, 5);
  campaigns.push([name, 1e3 / ns, campaigns.length === 0 ? 1 : 1e3 / ns / campaigns[0][1]]);
}
console.log(`\n${table(['campaign of softmax', 'million logits a second', 'ratio'], campaigns)}`);
