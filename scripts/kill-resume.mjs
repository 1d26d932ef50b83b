/**
 * Kills a campaign at twenty random moments and resumes it each time: nothing that was kept may get lost, no file may be half,
 * and the end must be that of a campaign which nobody killed, byte for byte but for the times.
 *
 *     node scripts/kill-resume.mjs [kills] [seed]
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRandom } from '../dist/core/random.js';

const [kills = 20, seed = 1] = process.argv.slice(2).map(Number);
const main = join(import.meta.dirname, '../dist/cli/main.js');
const campaign = ['fuzz', 'naive', 'stable', '--runs', '6000', '--seed', '7', '--workers', '2', '--resume'];
const folder = mkdtempSync(join(tmpdir(), 'softmax-fuzz-kill-'));
const random = createRandom([seed * 0x9e3779b9, seed * 0x85ebca6b, 0x2545f491, 0x9e3779b9]);

/** Runs the campaign in `reports`, until it ends or is killed; gives the signal that ended it, and the time it took. */
function run(reports, killAfter) {
  const start = performance.now();
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [main, ...campaign, '--reports', reports], {
      cwd: folder,
      stdio: 'ignore',
    });
    const timer = killAfter === undefined ? undefined : setTimeout(() => child.kill('SIGKILL'), killAfter);
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      resolve({ code, signal, ms: performance.now() - start });
    });
  });
}

function filesIn(reports) {
  const latest = join(folder, reports, 'latest');
  if (!existsSync(latest)) return [];
  const names = readdirSync(latest, { recursive: true }).filter((name) =>
    statSync(join(latest, name)).isFile(),
  );
  return names.sort().map((name) => [name, readFileSync(join(latest, name), 'utf8')]);
}

/** Cases done, cases in buckets, and buckets shrunk, once every JSON file has been read. */
function kept(reports) {
  const files = filesIn(reports).filter(([name]) => name.endsWith('.json'));
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

/** The files without times, and without the name of the folder that they are in. */
const comparable = (reports) =>
  filesIn(reports).map(([name, text]) => [
    name,
    text
      .replace(/(\d+ min )?[\d.]+ m?s\b/g, '')
      .replace(/"elapsedMs": ?\d+/, '')
      .replace(/"date": ?"[^"]+"/, '')
      .replaceAll(`${reports}/`, ''),
  ]);

const undisturbed = await run('undisturbed');
console.log(`undisturbed: ${(undisturbed.ms / 1000).toFixed(1)} s`);
const expected = JSON.stringify(comparable('undisturbed'));

let failures = 0;
let campaigns = 1;
let reports = 'killed-1';
let before = kept(reports);
for (let k = 0; k < kills; ) {
  const { signal, ms } = await run(reports, 200 + random.unit() * undisturbed.ms);
  if (signal === null) {
    finish();
    continue;
  }
  k++;
  const now = kept(reports);
  const lost = Object.keys(now).filter((part) => now[part] < before[part]);
  failures += lost.length;
  console.log(
    `killed after ${(ms / 1000).toFixed(2)} s: ${JSON.stringify(now)}${lost.length > 0 ? `, LOST ${lost}` : ''}`,
  );
  before = now;
}
await run(reports);
finish();
rmSync(folder, { recursive: true });
process.exitCode = failures === 0 ? 0 : 1;

/** Compares a campaign that has ended with the undisturbed one, and begins another. */
function finish() {
  const same = JSON.stringify(comparable(reports)) === expected;
  console.log(same ? 'ended, the same' : 'ended, NOT THE SAME');
  if (!same) failures++;
  reports = `killed-${++campaigns}`;
  before = kept(reports);
}
