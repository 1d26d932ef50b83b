/**
 * `npm run test:soak`: a campaign of so many minutes at most, of which it explores for two thirds, and what its processes hold in memory at minutes 1 and 10 and at the end of exploring, less than a quarter more than at minute 10: until then workers grow to their largest batches. Needs `dist`, and /proc.
 *
 *     node scripts/soak.mjs [--minutes 90] [--workers 1] [--update]
 *
 * With --update the figures are written to docs/reliability.md.
 */
import { spawn } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { folderWithKernel, hasInherited, pids } from './campaign-processes.mjs';
import { writeFigures } from './figures.mjs';

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '90' },
    workers: { type: 'string', default: '1' },
    update: { type: 'boolean', default: false },
  },
});
const minutes = Number(values.minutes);
const MOST_GROWTH = 1.25;
/** By this variable of the environment a process is known to be of the campaign: targets' processes are of groups of their own. */
const MARK = 'SOFTMAX_FUZZ_SOAK';
const main = join(import.meta.dirname, '../dist/cli/main.js');
const folder = folderWithKernel('soak');
const args = [
  'fuzz',
  './my-softmax.mjs',
  'stable',
  '--seed',
  '1',
  '--workers',
  values.workers,
  '--max-time',
  `${minutes}m`,
];
const child = spawn(process.execPath, [main, ...args], {
  cwd: folder,
  stdio: ['ignore', 'ignore', 'inherit'],
  env: { ...process.env, [MARK]: String(process.pid) },
});

/** At minute k: MB of the campaign's own process, and of all, and its cases. */
const samples = [];
const start = performance.now();
const timer = setInterval(() => {
  const minute = Math.round((performance.now() - start) / 6000) / 10;
  const held = ofCampaign().map((pid) => [pid, residentMb(pid)]);
  const own = held.find(([pid]) => pid === child.pid)?.[1] ?? 0;
  samples.push({ minute, own, all: held.reduce((sum, [, mb]) => sum + mb, 0), cases: casesDone() });
  if (Number.isInteger(minute)) console.log(JSON.stringify(samples.at(-1)));
}, 6000);
child.on('exit', (code) => {
  clearInterval(timer);
  if (samples.length === 0 || ![0, 1].includes(code)) {
    console.error(`FAIL  exit ${code}`);
    process.exitCode = 1;
    return;
  }
  const at = (minute) => samples.findLast((each) => each.minute <= minute) ?? samples[0];
  const first = at(1);
  const settled = at(10);
  const last = samples.findLast(({ cases }, k) => cases > (samples[k - 1]?.cases ?? -1)) ?? samples.at(-1);
  const most = Math.max(...samples.map(({ all }) => all));
  const run = JSON.parse(readFileSync(join(folder, 'reports/latest/run.json'), 'utf8'));
  const batches = Math.max(...run.targets.map(({ cases }) => cases));
  const mb = (number) => `${Math.round(number)} MB`;
  const held = [first, settled, last].map(
    ({ minute, all, own }) => `${mb(all)} (${mb(own)}) at minute ${minute}`,
  );
  const text = `${last.minute} minutes of exploring (\`softmax-fuzz ${args.join(' ')}\`, ${batches.toLocaleString('en')} batches, exit ${code}). Resident memory of all processes, and of the campaign\u2019s own: ${held.join(', ')}. The most at any time, with shrinking: ${mb(most)}.`;
  console.log(text);
  rmSync(folder, { recursive: true });
  if (!(last.all <= MOST_GROWTH * settled.all)) {
    console.error('FAIL  it grows');
    process.exitCode = 1;
  } else if (values.update) writeFigures('soak', text);
});

function casesDone() {
  try {
    const { done } = JSON.parse(readFileSync(join(folder, 'reports/latest/state.json'), 'utf8'));
    return done.reduce((sum, [from, to]) => sum + to - from, 0);
  } catch {
    return 0; // There is none yet.
  }
}

/** The processes that the campaign has started, and itself. */
function ofCampaign() {
  return pids().filter((pid) => hasInherited(pid, MARK, String(process.pid)));
}

function residentMb(pid) {
  try {
    const [, kilobytes = 0] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    return Number(kilobytes) / 1024;
  } catch {
    return 0;
  }
}
