import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runHere, temporaryFolders } from '../../properties/support/command.ts';

const makeFolder = temporaryFolders();

/** Right by the oracle, but for what shows in memory alone; and a wrong shape, an exception and a changed argument. */
const careless = `
const rowsOf = (x, rows, cols, f) => Array.from({ length: rows }, (_, r) => f([...x.subarray(r * cols, (r + 1) * cols)]));
const lse = (row) => { const m = Math.max(...row); return m === -Infinity ? m : m + Math.log(row.reduce((s, v) => s + Math.exp(v - m), 0)); };
const memory = new Float32Array(1 << 16);
export const target = { known: ['*/special-value/*', '*/nan/*', '*/infinite/*'] };
export function logSumExp(x, rows, cols) {
  const answer = memory.subarray(0, rows);
  answer.set(rowsOf(x, rows, cols, lse));
  return answer;
}
export function logSoftmax(x, rows, cols) {
  if (x.byteOffset > 0) new Float32Array(x.buffer)[0] = 1;
  return Float32Array.from(rowsOf(x, rows, cols, (row) => { const l = lse(row); return row.map((v) => v - l); }).flat());
}
export async function softmax(x, rows, cols) {
  if (x[0] === -Infinity) throw new Error('masked');
  if (cols === 3) x[0] = 7;
  if (cols === 5) return [];
  const whole = new Float32Array(x.buffer, 0, rows * cols);
  return Float32Array.from(rowsOf(whole, rows, cols, (row) => { const l = lse(row); return row.map((v) => Math.exp(v - l)); }).flat());
}`;

/** Right within its budget, and near enough to it to be climbed from. */
const nearItsBudget = `
export function crossEntropyGrad(logits, targets, rows, cols) {
  return Float32Array.from(logits, (_, k) => {
    const r = Math.floor(k / cols), x = logits.subarray(r * cols, (r + 1) * cols), t = targets[r];
    if (targets.length !== rows || !(t < cols)) throw new Error(\`\${targets.length} targets for \${rows} rows\`);
    const m = x.reduce((a, b) => (b > a || Number.isNaN(b) ? b : a), -Infinity);
    const e = Array.from(x, (v) => Math.exp(v - m) * (v < m ? 1 + 6 * 2 ** -24 : 1));
    const s = e.reduce((a, b) => a + b), others = e.reduce((a, b, c) => (c === t ? a : a + b), 0);
    return (k - r * cols === t ? -others / s : e[k - r * cols] / s) / rows;
  });
}`;

/** Right each time, and not when one looks again; each writes late by itself. */
const late: Readonly<Record<string, string>> = {
  timer: 'setTimeout(() => { x[0] = 9; }, 0)',
  promise: 'Promise.resolve().then(() => { x[0] = 9; })',
  answer: 'setTimeout(() => { y[0] = 9; }, 0)',
  next: 'if (last) last[0] = 9; last = x',
};
const lateModule = (put: string) => `
let last;
export function logSumExp(x, rows, cols) {
  const y = Float32Array.from({ length: rows }, (_, r) => {
    const row = x.subarray(r * cols, (r + 1) * cols);
    const m = row.reduce((a, b) => Math.max(a, b), -Infinity);
    return Math.abs(m) === Infinity ? m : m + Math.log(row.reduce((s, v) => s + Math.exp(v - m), 0));
  });
  ${put};
  return y;
}`;

/** What a module may do to the language that its process is written in, too. */
const changes: Readonly<Record<string, string>> = {
  'Math.max':
    'const { max } = Math; Math.max = (...x) => max(...x); Math.floor = () => 7; Math.fround = (x) => x',
  arrays:
    "for (const k of ['map', 'find', 'some', 'push', 'shift', 'slice', 'flatMap']) Array.prototype[k] = () => { throw k; }",
  'typed arrays':
    "for (const k of ['slice', 'set', 'fill', 'map']) Object.getPrototypeOf(Float32Array.prototype)[k] = () => [0]",
  iterators: '[].values().__proto__.next = () => ({ done: true })',
  promises: 'Promise.prototype.then = () => {}; globalThis.Promise = class {}',
  JSON: "JSON.parse = () => ({}); JSON.stringify = () => '{}'",
  processes: 'process.exit = () => {}; console.log = () => { throw 1; }',
  objects:
    'Object.is = () => true; Object.entries = () => []; Object.prototype.then = (f) => f(1); Object.prototype.options = { scale: 3 }',
  buffers:
    'Buffer.prototype.copy = () => 0; Buffer.prototype.readUInt32LE = () => 3; Buffer.allocUnsafe = () => Buffer.alloc(0)',
  constructors: 'globalThis.Uint8Array = undefined; globalThis.Float64Array = null',
  nothing:
    'for (const o of [Object, Array, Promise, Math, JSON, Float32Array]) { Object.freeze(o); if (o.prototype) Object.freeze(o.prototype); }',
};
const inLoops = (before: string, first = '') => `
${before};
let calls = 0;
export function logSumExp(x, rows, cols) {
  if (++calls === 30) { ${first}; }
  const y = new Float32Array(rows);
  for (let r = 0; r < rows; r++) {
    let m = -Infinity, s = 0;
    for (let c = 0; c < cols; c++) if (x[r * cols + c] > m || x[r * cols + c] !== x[r * cols + c]) m = x[r * cols + c];
    for (let c = 0; c < cols; c++) s += Math.exp(x[r * cols + c] - m);
    y[r] = m === -Infinity || m === Infinity ? m : m + Math.log(s);
  }
  return y;
}`;

describe('a module that changes the language', () => {
  const run = async (name: string, text: string) => {
    const cwd = makeFolder();
    writeFileSync(join(cwd, `${name}.mjs`), text);
    return runHere(['fuzz', `./${name}.mjs`, '--seed', '1', '--runs', '60', '--shrink-time', '5s'], { cwd });
  };

  it.each(Object.keys(changes))('should be judged as ever, and that be said: %s', async (what) => {
    const loaded = await run('loaded', inLoops(changes[what]));
    expect([loaded.code, loaded.stdout]).toEqual([0, expect.stringContaining('loaded: every property held')]);
    expect(loaded.stderr.includes('it changes ')).toBe(what !== 'nothing');
    const called = await run('called', inLoops('', changes[what]));
    expect([called.code, called.stdout]).toEqual([0, expect.stringContaining('called: every property held')]);
  });

  it('should end the process where it is frozen, and not the campaign', async () => {
    const frozen = 'Object.is = () => false; Object.freeze(Object)';
    const called = await run('called', inLoops('', frozen).replace('++calls === 30', 'cols === 7'));
    expect([called.code, called.stdout]).toEqual([1, expect.stringContaining('logSumExp/crashed')]);
    expect(called.stdout).toContain('it has changed Object.is, and frozen it');
    const loaded = await run('loaded', inLoops(frozen));
    expect([loaded.code, loaded.stderr]).toEqual([
      2,
      expect.stringContaining('it has changed Object.is, and frozen it'),
    ]);
  });
});

describe('a module in a process of its own', () => {
  it.each([
    ['timed-out', 'hangs in every call', 'for (;;);'],
    ['timed-out', 'never keeps its promise', 'return new Promise((done) => setTimeout(done, 1e8));'],
    [
      'out-of-memory',
      'takes all memory',
      'const all = []; for (;;) all.push(new Float32Array(1e6).fill(1));',
    ],
  ])('should be found %s that %s, the first ones too', async (bucket, _what, body) => {
    const cwd = makeFolder();
    writeFileSync(join(cwd, 'mine.mjs'), `export function softmax(logits, rows, cols) { ${body} }`);
    // Memory is to be used up before time is, on any machine.
    const limits = ['--timeout', bucket === 'out-of-memory' ? '20s' : '200ms', '--memory', '400m'];
    const { code, stdout, stderr } = await runHere(['fuzz', './mine.mjs', '--runs', '3', ...limits], { cwd });
    expect([code, stdout]).toEqual([1, expect.stringContaining(`softmax/${bucket}`)]);
    expect(stderr).toContain('mine: how its functions are called was not found out');
  });

  it.each(Object.keys(late))(
    'should be found to write once it has answered, and a replay to show it: %s',
    async (name) => {
      const cwd = makeFolder();
      writeFileSync(join(cwd, 'late.mjs'), lateModule(late[name]));
      const args = ['fuzz', './late.mjs', '--seed', '3', '--runs', '100', '--json', '-'];
      const { code, stdout } = await runHere(args, { cwd });
      expect(code).toBe(1);
      const [{ findings }] = JSON.parse(stdout).targets;
      expect(findings.map(({ bucket }: { bucket: string }) => bucket)).toEqual([
        name === 'answer' ? 'logSumExp/invariance/fresh-answer' : 'logSumExp/mutated-input/fresh-answer',
      ]);
      const file = `reports/latest/findings/${findings[0].id}.json`;
      const replayed = await runHere(['replay', file, '--target', './late.mjs'], { cwd });
      expect([replayed.code, replayed.stdout]).toEqual([1, expect.stringMatching(/^FAIL .*fresh-answer: /m)]);
    },
  );

  it('should be found to do what it does in this process', async () => {
    const cwd = makeFolder();
    writeFileSync(join(cwd, 'careless.mjs'), careless);
    const args = ['fuzz', './careless.mjs', '--seed', '3', '--runs', '600', '--rows', '1', '--json', '-'];
    const outcomes = [];
    for (const how of [[], ['--in-process']]) {
      const { code, stdout, stderr } = await runHere([...args, ...how], { cwd });
      expect([code, stderr]).toEqual([1, '']);
      outcomes.push({ ...JSON.parse(stdout), elapsedMs: 0, date: '' });
    }
    expect(outcomes[0]).toEqual(outcomes[1]);
    const buckets = outcomes[0].targets[0].findings.map(({ bucket }: { bucket: string }) => bucket);
    expect(buckets).toEqual(
      expect.arrayContaining([
        'softmax/threw',
        'softmax/bad-shape',
        'softmax/mutated-input',
        expect.stringMatching(/^softmax\/.*view/),
        expect.stringMatching(/^logSoftmax\/mutated-input.*view/),
        expect.stringMatching(/^logSumExp\/.*fresh-answer/),
      ]),
    );
  });

  it('should be given the targets of a row that a climb cuts out of its batch', async () => {
    const cwd = makeFolder();
    writeFileSync(join(cwd, 'near.mjs'), nearItsBudget);
    for (const seed of ['1', '2']) {
      const args = ['fuzz', './near.mjs', '--seed', seed, '--runs', '1500', '--cols', '20', '--json', '-'];
      const { code, stdout, stderr } = await runHere(args, { cwd });
      expect([code, stderr]).toEqual([0, '']);
      expect(JSON.parse(stdout).targets[0].findings).toEqual([]);
    }
  });

  it('should be asked afresh before a finding is believed', async () => {
    const cwd = makeFolder();
    const tired = `
let calls = 0;
export function softmax(x, rows, cols) {
  return Float32Array.from(x, () => (++calls > 900 ? NaN : 1));
}`;
    writeFileSync(join(cwd, 'tired.mjs'), tired);
    const args = ['fuzz', './tired.mjs', '--seed', '3', '--runs', '600', '--cols', '1', '--json', '-'];
    const { code, stdout, stderr } = await runHere(args, { cwd });
    expect([code, stderr]).toEqual([1, '']);
    const buckets = JSON.parse(stdout).targets[0].findings.map(({ bucket }: { bucket: string }) => bucket);
    expect(buckets).toContain('softmax/nondeterministic');
    expect(buckets).not.toContain('softmax/nan/ordinary');
  });
});
