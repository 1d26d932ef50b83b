/**
 * `npm run test:kill`: a campaign, its worker processes, or all of its processes at once are ended by SIGKILL, SIGINT and SIGTERM at random moments, and it is resumed until it
 * ends. Nothing that was kept gets lost, no file is half, no process stays, and the end is that of a campaign which nobody killed, byte for byte but for the times: what it
 * printed, and every file of its folder. Times are `elapsedMs` and `date` in run.json, `elapsedMs` and so `sha256` in state.json, and durations and the date in the page, the summary
 * and on the terminal. Needs `dist`, and /proc.
 *
 *     node scripts/test-kill.mjs [--moments 20] [--seed 1] [--update]
 *
 * With --update the figures are written to docs/reliability.md. Exit 1 when anything was lost.
 */
import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { createRandom } from '../dist/core/random.js';
import { folderWithKernel, hasInherited, pids } from './campaign-processes.mjs';
import { writeFigures } from './figures.mjs';

const { values } = parseArgs({
  options: {
    moments: { type: 'string', default: '20' },
    seed: { type: 'string', default: '1' },
    update: { type: 'boolean', default: false },
  },
});
const moments = Number(values.moments);
const seed = Number(values.seed);
const main = join(import.meta.dirname, '../dist/cli/main.js');
const folder = folderWithKernel('kill');
const campaign = [
  ...['fuzz', 'naive', './my-softmax.mjs', '--ops', 'softmax', '--rows', '3', '--cols', '3'],
  ...['--runs', '2400', '--seed', '7', '--workers', '2', '--resume'],
];
const random = createRandom([seed * 0x9e3779b9, seed * 0x85ebca6b, 0x2545f491, 0x9e3779b9]);
const oneOf = (list) => list[Math.floor(random.unit() * list.length)];
/** What a campaign may take to end after a signal, in ms. */
const PATIENCE_MS = 60_000;
/** What processes without their campaign may take to end, in ms. */
const ORPHANS_MS = 3_000;

/** Who is signaled, and by what. */
const ways = ['main', 'worker', 'group'].flatMap((whom) =>
  ['SIGKILL', 'SIGINT', 'SIGTERM'].map((signal) => ({ whom, signal })),
);
const names = { main: 'the campaign', worker: 'a worker', group: 'all processes at once' };

/** By this variable of the environment a process is known to be of a campaign: targets' processes are of groups of their own. */
const MARK = 'SOFTMAX_FUZZ_TEST_KILL';
let started = 0;

/** Runs the campaign in `reports`; at the moment, if there is one, somebody gets the signal. Gives what came of it. */
async function run(reports, at) {
  const start = performance.now();
  const mark = `${process.pid}-${++started}`;
  const child = spawn(process.execPath, [main, ...campaign, '--reports', reports], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
    env: { ...process.env, [MARK]: mark },
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text) => {
    stderr += text;
  });
  let isOver = false;
  const ended = new Promise((resolve) => {
    child.on('exit', (code, signal) => {
      isOver = true;
      resolve({ code, signal });
    });
  });
  let wasSignaled = false;
  let isHung = false;
  if (at !== undefined) {
    await Promise.race([ended, sleep(at.ms)]);
    // Workers come a little later than the campaign, and go earlier.
    for (let tries = 0; !isOver && !wasSignaled && tries < 50; tries++) {
      wasSignaled = send(child.pid, at);
      if (!wasSignaled) await sleep(20);
    }
    isHung = (await Promise.race([ended, sleep(PATIENCE_MS, 'hung', { ref: false })])) === 'hung';
    if (isHung) process.kill(-child.pid, 'SIGKILL');
  }
  const { code, signal } = await ended;
  const ms = performance.now() - start;
  let orphans = marked(mark);
  for (let waited = 0; orphans.length > 0 && waited < ORPHANS_MS; waited += 50) {
    await sleep(50);
    orphans = marked(mark);
  }
  for (const { pid } of orphans) process.kill(pid, 'SIGKILL');
  return { code, signal, ms, stdout, stderr, wasSignaled, isHung, orphans };
}

/** Sends the signal, if there is somebody to get it. */
function send(pid, { whom, signal }) {
  // Not what a worker has just forked: until it becomes a target's process it has the words of the worker, and its group.
  const workers = ofGroup(pid).filter(({ words, parent }) => words.includes('tinypool') && parent === pid);
  const to = whom === 'main' ? pid : whom === 'group' ? -pid : workers.length > 0 && oneOf(workers).pid;
  if (to === false) return false;
  try {
    process.kill(to, signal);
    return true;
  } catch {
    return false; // It has ended by itself.
  }
}

/** The processes of the group. */
function ofGroup(group) {
  return processes().filter((each) => each.group === group);
}

/** The processes of the campaign, whatever their group. */
function marked(mark) {
  return processes().filter(({ pid }) => hasInherited(pid, MARK, mark));
}

/** All that are there yet. */
function processes() {
  return pids().flatMap((pid) => {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      const [state, parent, group] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      if (state === 'Z') return [];
      const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').join(' ');
      return [{ pid, parent: Number(parent), group: Number(group), words }];
    } catch {
      return []; // It has just ended.
    }
  });
}

function filesIn(reports) {
  const latest = join(folder, reports, 'latest');
  if (!existsSync(latest)) return [];
  return readdirSync(latest, { recursive: true })
    .filter((name) => statSync(join(latest, name)).isFile())
    .sort()
    .map((name) => [name, readFileSync(join(latest, name), 'utf8')]);
}

/** Cases done, cases in buckets, and buckets shrunk, once every JSON file has been read; that of a lock is written at once. */
function kept(reports) {
  const files = filesIn(reports).filter(([name]) => name.endsWith('.json') && name !== 'lock.json');
  const parsed = new Map(files.map(([name, text]) => [name, JSON.parse(text)]));
  const state = parsed.get('state.json');
  const shrunk = [...parsed.keys()].filter((name) => name.startsWith('shrunk')).length;
  if (state === undefined) return { cases: 0, occurrences: 0, shrunk };
  const buckets = state.tallies.flatMap(({ discoveries }) => Object.values(discoveries));
  return {
    cases: state.done.reduce((sum, [from, to]) => sum + to - from, 0),
    occurrences: buckets.reduce((sum, { occurrences }) => sum + occurrences, 0),
    shrunk,
  };
}

const withoutTimes = (text, reports) =>
  text
    .replace(/(\d+ min )?[\d.]+ m?s\b/g, 'some time')
    .replace(/"elapsedMs": ?\d+/, '"elapsedMs": 0')
    .replace(/("elapsedMs".*"sha256": ?)"\w+"/, '$1""')
    .replace(/"date": ?"[^"]+"/, '"date": ""')
    .replace(/<time datetime="[^"]+">[^<]+/, '<time>')
    .replaceAll(`${reports}/`, 'reports/');

/** What it printed, and its files, without times and the name of the folder that they are in. */
const comparable = (reports, { code, stdout }) =>
  new Map([
    ['exit code', String(code)],
    ['stdout', withoutTimes(stdout, reports)],
    ...filesIn(reports).map(([name, text]) => [name, withoutTimes(text, reports)]),
  ]);

const undisturbed = await run('undisturbed');
const expected = comparable('undisturbed', undisturbed);
console.log(`undisturbed: ${(undisturbed.ms / 1000).toFixed(1)} s, exit ${undisturbed.code}`);

const failures = [];
const rows = new Map(
  ways.map((way) => [way, { moments: 0, wentOn: 0, interrupted: 0, died: 0, refused: 0 }]),
);
let campaigns = 1;
let compared = 0;
let reports = 'killed-1';
let before = kept(reports);
let done = 0;
/** How long a campaign takes here and now, in ms: other work may make it longer or shorter. */
let span = undisturbed.ms;
/** Campaigns that end before their moment do not count, nor do they go on without an end. */
for (let k = 0; done < moments && k < 10 * moments; k++) {
  const way = ways[done % ways.length];
  const outcome = await run(reports, { ...way, ms: 150 + random.unit() * span });
  const { code, signal, ms, stderr, wasSignaled, isHung, orphans } = outcome;
  if (before.cases === 0 && !wasSignaled) span = ms;
  const what = `${names[way.whom]}, ${way.signal} after ${(ms / 1000).toFixed(2)} s`;
  const fail = (why) => failures.push(`${what}: ${why}`);
  if (isHung) fail(`it went on for ${PATIENCE_MS / 1000} s`);
  if (orphans.length > 0) fail(`${orphans.length} processes stayed: ${orphans.map(({ words }) => words)}`);
  if (code !== null && ![0, 1, 2, 130].includes(code)) fail(`exit ${code}: ${stderr}`);
  if (code === 2 && stderr.trim().split('\n').length > 3) fail(`more than a message: ${stderr}`);
  let now = before;
  try {
    now = kept(reports);
  } catch (error) {
    fail(`a file is half: ${error.message}`);
  }
  const lost = Object.keys(now).filter((part) => now[part] < before[part]);
  if (lost.length > 0) fail(`lost ${lost}: ${JSON.stringify(before)} became ${JSON.stringify(now)}`);
  before = now;
  const isEnd = code === 0 || code === 1;
  if (wasSignaled) {
    done++;
    const row = rows.get(way);
    row.moments++;
    row[isEnd ? 'wentOn' : code === 130 ? 'interrupted' : code === null ? 'died' : 'refused']++;
  }
  console.log(
    `${String(done).padStart(3)} ${what}: ${signal ?? `exit ${code}`}, ${JSON.stringify(now)}${stderr && code === 2 ? ` ${stderr.trim()}` : ''}`,
  );
  if (isEnd) finish(outcome);
}
for (let k = 0; k < 3 && compared < campaigns; k++) {
  const outcome = await run(reports);
  if (outcome.code === 0 || outcome.code === 1) {
    finish(outcome);
    break;
  }
  failures.push(`resumed, and nobody killed it: exit ${outcome.code} ${outcome.stderr}`);
}
if (failures.length === 0) rmSync(folder, { recursive: true });
else console.log(`what is left: ${folder}`);

const line = ({ whom, signal }, { moments: count, wentOn, interrupted, died, refused }) =>
  `| ${names[whom]}: ${signal} | ${count} | ${died} | ${interrupted} | ${refused} | ${wentOn} |`;
const table = [
  '| who got which signal | moments | it died | exit 130 | exit 2 | it went on |',
  '| --- | --- | --- | --- | --- | --- |',
  ...[...rows].map(([way, row]) => line(way, row)),
].join('\n');
const sum = `${done} moments in ${compared} campaigns of ${(undisturbed.ms / 1000).toFixed(0)} s (seed ${seed}): ${failures.length === 0 ? 'nothing was lost, and each ended as the one that nobody killed' : `${failures.length} failures`}.`;
process.stdout.write(`${table}\n\n${sum}\n`);
for (const failure of failures) process.stderr.write(`FAIL  ${failure}\n`);
if (failures.length > 0) process.exitCode = 1;
else if (values.update) writeFigures('kill', `${table}\n\n${sum}`);

/** Compares a campaign that has ended with the undisturbed one, and begins another. */
function finish(outcome) {
  const is = comparable(reports, outcome);
  const different = [...new Set([...expected.keys(), ...is.keys()])].filter(
    (name) => is.get(name) !== expected.get(name),
  );
  if (different.length > 0) failures.push(`${reports} ended otherwise: ${different.join(', ')}`);
  compared++;
  reports = `killed-${++campaigns}`;
  before = kept(reports);
}
