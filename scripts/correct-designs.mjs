/**
 * `npm run test:designs`: a long campaign over the correct designs of the zoo, which tries the counterexamples of all its
 * faults first. None may be blamed: no error, no warning. Needs `dist`.
 *
 *     node scripts/correct-designs.mjs [--rows 1000000] [--max-cols 1100] [--seed 1] [--minutes 20] [--crossed] [--formats fp32,fp16,bf16] [name…]
 *
 * With --crossed each design of FP32 arithmetic in every format instead, with logits in every layout, which the law of layouts asks.
 *
 * Exit 1 when one was blamed; each blame is shrunk and shown.
 */
import { parseArgs } from 'node:util';
import { casesOf } from '../dist/campaign/explore/cases.js';
import { createExplorer } from '../dist/campaign/explore/explore.js';
import { fold } from '../dist/campaign/explore/tally.js';
import { findingsOf } from '../dist/campaign/minimize/findings.js';
import { drawnFor } from '../dist/campaign/subject.js';
import { operationsOf } from '../dist/core/kernel.js';
import { crossed } from '../dist/kernels/zoo/correct/crossed.js';
import { correctDesigns } from '../dist/kernels/zoo/correct/index.js';
import { zoo } from '../dist/kernels/zoo/index.js';
import { lawsAt } from '../dist/laws/turn.js';
import { formatCall } from '../dist/report/call.js';
import { createTarget } from '../dist/targets/create.js';

const { values, positionals } = parseArgs({
  options: {
    rows: { type: 'string', default: '1000000' },
    'max-cols': { type: 'string' },
    seed: { type: 'string', default: '1' },
    minutes: { type: 'string', default: 'Infinity' },
    crossed: { type: 'boolean', default: false },
    formats: { type: 'string', default: 'fp32,fp16,bf16' },
  },
  allowPositionals: true,
});
const named = correctDesigns.filter(({ name }) => positionals.length === 0 || positionals.includes(name));
const designs = values.crossed ? crossed(named, values.formats.split(',')) : named;
const subjects = designs.map(({ name, kernel, declaration }) => ({
  target: createTarget(name, kernel, declaration),
  operations: operationsOf(kernel),
}));
const generation = values['max-cols'] === undefined ? {} : { maxCols: Number(values['max-cols']) };
// Of FP32, and of one layout: crossed designs have what is drawn alone.
const saved = values.crossed
  ? []
  : zoo.map(({ id, counterexample }) => ({ batch: counterexample, file: id }));
const cases = casesOf({
  seed: Number(values.seed),
  saved,
  generation: { ...generation, ...drawnFor(subjects) },
});
const explore = createExplorer(subjects, cases, Number.POSITIVE_INFINITY);
const BLOCK = 250;

const start = performance.now();
let { tallies } = await explore([-cases.given, 0]);
let rows = 0;
let asked = 0; // Rows of all designs and operations, and those of them that the law of layouts asked for too.
let laidOut = 0;
const calls = subjects.reduce((sum, { operations }) => sum + operations.length, 0);
let done = 0;
const end = start + 60_000 * Number(values.minutes);
while (rows < Number(values.rows) && performance.now() < end) {
  const explored = await explore([done, done + BLOCK]);
  tallies = tallies.map((tally, t) => fold(tally, explored.tallies[t]));
  for (let number = done; number < done + BLOCK; number++) {
    const drawn = cases.at(number).batch.rows;
    rows += drawn;
    asked += drawn * calls;
    for (const { target, operations } of subjects)
      if (lawsAt(number, target).includes('layout')) laidOut += drawn * operations.length;
  }
  done += BLOCK;
}
const seconds = ((performance.now() - start) / 1000).toFixed(0);
process.stdout.write(`${rows} rows in ${done} batches, seed ${values.seed}, ${seconds} s; `);
process.stdout.write(`${asked} asked of all operations of all designs, ${laidOut} in other layouts too\n\n`);

let blamed = 0;
for (const [t, subject] of subjects.entries()) {
  const { name, profile } = subject.target;
  const all = await findingsOf(t, subject, tallies[t], { cases, generation: {}, onFinding: () => {} });
  const findings = all.filter(({ known }) => !known);
  const verdict = findings.length === 0 ? 'held' : 'BLAMED';
  const logits = tallies[t].elements;
  process.stdout.write(
    `${name.padEnd(22)} ${profile.padEnd(16)} ${String(logits).padStart(12)} logits  ${verdict}\n`,
  );
  blamed += findings.length;
  for (const { bucket, batch, operation, occurrences, budgetUse, worst } of findings) {
    process.stdout.write(`    ${bucket}  ${occurrences} times  ${formatCall(operation, batch)}  `);
    process.stdout.write(
      `${budgetUse.toPrecision(4)} of the budget, at worst ${worst.budgetUse.toPrecision(4)}\n`,
    );
  }
}
process.exitCode = blamed === 0 ? 0 : 1;
