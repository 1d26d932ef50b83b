/**
 * `npm run test:hostile`: what others may have made is read, or refused with exit 2, one message and no stack, soon and in little memory. First so many mutated files of every
 * reader, in one process; then files without an end, greetings and arguments, each by the command as a user runs it. Needs `dist`.
 *
 *     node scripts/test-hostile.mjs [--tries 10000] [--update]
 *
 * With --update the figures are written to docs/reliability.md. Exit 1 when anything else came of it.
 */
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { writeFigures } from './figures.mjs';

const { values } = parseArgs({
  options: { tries: { type: 'string', default: '10000' }, update: { type: 'boolean', default: false } },
});
const root = join(import.meta.dirname, '..');
const main = join(root, 'dist/cli/main.js');
const folder = mkdtempSync(join(tmpdir(), 'softmax-fuzz-hostile-'));
const MOST_BYTES = 300 * 2 ** 20;
/** What a command takes beside reading: to start, and its target's process too. */
const MOST_MS = 5000;

const figures = join(folder, 'figures.jsonl');
writeFileSync(figures, '');
const vitest = ['vitest', 'run', '--maxWorkers=1', 'properties/readers'];
const { status } = spawnSync('npx', vitest, {
  cwd: root,
  env: { ...process.env, TRIES: values.tries, FIGURES: figures },
  stdio: ['ignore', 'inherit', 'inherit'],
});
const readers = readFileSync(figures, 'utf8')
  .trim()
  .split('\n')
  .filter(Boolean)
  .map((line) => JSON.parse(line));

/** A program that greets with so many bytes of a text, of a status. */
writeFileSync(
  join(folder, 'greet.mjs'),
  `import { readFileSync, writeSync } from 'node:fs';
const [, , status, file] = process.argv;
const text = readFileSync(file);
const header = Buffer.alloc(48);
[0x5a464d53, 1, 0, 0, 0, 0, 0, Number(status), 0, 0, 0, text.length].forEach((word, k) => header.writeUInt32LE(word, 4 * k));
const all = Buffer.concat([header, text]);
try { for (let at = 0; at < all.length; ) at += writeSync(1, all, at); } catch {}
setTimeout(() => {}, 60_000);
`,
);
const escapes = '\n::error::x\u001b[31m\u202e##[error]y';
const texts = {
  'deep.json': '['.repeat(5_000_000),
  'deep-too.json': '{"a":'.repeat(1_000_000) + 1 + '}'.repeat(1_000_000),
  'run.json': '{"rows":1,"cols":1,"logits":["00000000*268435456"]}',
  'runs.json': JSON.stringify({ rows: 1, cols: 1, logits: Array(100_000).fill('00000000*999999999') }),
  'shape.json': '{"rows":9007199254740991,"cols":9007199254740991,"logits":["00000000"]}',
  'escapes.json': escapes,
  'null.json': 'null',
  'empty.json': '',
  'no-text.json': '{"message":{"toString":1,"valueOf":1}}',
  'hundred-mb.json': ' '.repeat(100_000_000),
  'long-name.json': JSON.stringify({ operations: ['softmax'], name: 'x'.repeat(100_000) }),
  'no-operation.json': JSON.stringify({ operations: [escapes] }),
  'sizes.json': JSON.stringify({ operations: ['softmax'], rows: 2 ** 53, cols: 2 ** 53 }),
};
for (const [name, text] of Object.entries(texts)) writeFileSync(join(folder, name), text);
writeFileSync(join(folder, 'sparse.json'), '{');
truncateSync(join(folder, 'sparse.json'), 3 * 2 ** 30);
execFileSync('mkfifo', [join(folder, 'endless')]);
const writer = spawn('sh', ['-c', 'while :; do cat /dev/zero > endless; done'], {
  cwd: folder,
  stdio: 'ignore',
  detached: true,
});

const files = ['/dev/zero', '/dev/urandom', '.', 'endless', 'sparse.json', ...Object.keys(texts)];
const perFile = [
  (file) => ['oracle', '--input', file],
  (file) => ['minimize', file, '--target', 'stable'],
  (file) => ['replay', file, '--target', 'stable'],
  (file) => ['fuzz', 'naive', '--runs', '1', '--baseline', file],
  (file) => ['fuzz', 'naive', '--runs', '1', '--semantics', `./${file}`],
];
const programs = Object.keys(texts).flatMap((file) =>
  [0, 1].map((code) => `cmd:node greet.mjs ${code} ${file}`),
);
const kinds = [
  [
    'files without an end, of a disk\u2019s size, deep, or that announce gigabytes, by five commands',
    files.flatMap((file) => perFile.map((of) => of(file))),
  ],
  [
    'greetings that are none, too long, deep, or full of escapes',
    [...programs, 'cmd:yes', 'cmd:cat /dev/zero', 'cmd:true'].map((name) => ['fuzz', name, '--runs', '1']),
  ],
  [
    'arguments with escapes and commands to CI',
    ['fuzz', 'replay', 'minimize', 'oracle', 'targets', 'report', 'sweep'].flatMap((name) => [
      [name, escapes],
      [name, `--${escapes}`],
    ]),
  ],
];

const rows = readers.map(({ name, tries, refused, slowestMs, bytes }) =>
  row(`mutated files: ${name}`, tries, refused, slowestMs, bytes),
);
const failures = status === 0 ? [] : ['a reader of mutated files'];
for (const [kind, commands] of kinds) {
  const results = [];
  for (const args of commands) {
    const result = await run(args);
    results.push(result);
    const why = wrong(result);
    if (why !== null) failures.push(`${JSON.stringify(args)}: ${why}\n${result.text.slice(0, 600)}`);
  }
  const most = (of) => Math.max(...results.map(of));
  rows.push(
    row(
      kind,
      results.length,
      results.filter(({ code }) => code === 2).length,
      most(({ ms }) => ms),
      most(({ bytes }) => bytes),
    ),
  );
}
process.kill(-writer.pid);
rmSync(folder, { recursive: true });

const table = [
  '| what was tried | how often | refused | slowest | most memory |',
  '| --- | --- | --- | --- | --- |',
  ...rows,
].join('\n');
process.stdout.write(`${table}\n`);
for (const failure of failures) process.stderr.write(`FAIL  ${failure}\n`);
if (failures.length > 0) process.exitCode = 1;
else if (values.update) writeFigures('figures', table);

function row(what, tries, refused, ms, bytes) {
  const count = (number) => number.toLocaleString('en');
  return `| ${what} | ${count(tries)} | ${count(refused)} | ${Math.ceil(ms)} ms | ${Math.ceil(bytes / 2 ** 20)} MB |`;
}

/** Why what came of a command is not as it should be, or null. */
function wrong({ code, ms, bytes, text }) {
  if (![0, 1, 2].includes(code)) return `exit ${code}`;
  if (/^ +at |this is a bug/m.test(text)) return 'a stack';
  if (/[^\P{C}\n]|^::|##\[/mu.test(text)) return 'text that is not inert';
  if (code === 2 && text.trimEnd().split('\n').length > 3) return 'more than a message';
  if (ms > MOST_MS) return `${Math.round(ms)} ms`;
  return bytes > MOST_BYTES ? `${Math.round(bytes / 2 ** 20)} MB` : null;
}

/** Runs the command in the folder: its exit code, time, and the most memory that it held, which Linux tells. */
function run(args) {
  return new Promise((resolve) => {
    const start = performance.now();
    const child = spawn(process.execPath, [main, ...args], {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let text = '';
    let bytes = 0;
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (chunk) => {
        text += chunk;
      });
    const poll = setInterval(() => {
      try {
        const [, kilobytes] = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8')) ?? [];
        bytes = Math.max(bytes, 1024 * Number(kilobytes ?? 0));
      } catch {
        // It has ended.
      }
      if (performance.now() - start > 10 * MOST_MS) child.kill('SIGKILL');
    }, 10);
    child.on('close', (code) => {
      clearInterval(poll);
      resolve({ code, ms: performance.now() - start, bytes, text });
    });
  });
}
