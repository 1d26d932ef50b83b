/**
 * `npm run test:designs`: a long campaign over the correct designs of the zoo, which tries the counterexamples of all its
 * faults first. None may be blamed: no error, no warning. Needs `dist`.
 *
 *     node scripts/correct-designs.mjs [--rows 1000000] [--max-cols 1100] [--seed 1] [name…]
 *
 * Exit 1 when one was blamed; each blame is shrunk and shown.
 */
import { parseArgs } from 'node:util';
import { casesOf } from '../dist/campaign/cases.js';
import { createExplorer } from '../dist/campaign/explore.js';
import { findingsOf } from '../dist/campaign/findings.js';
import { drawnFor } from '../dist/campaign/subject.js';
import { fold } from '../dist/campaign/tally.js';
import { operationsOf } from '../dist/core/kernel.js';
import { correctDesigns } from '../dist/kernels/zoo/correct/index.js';
import { zoo } from '../dist/kernels/zoo/index.js';
import { formatCall } from '../dist/report/call.js';
import { createTarget } from '../dist/targets/create.js';

const { values, positionals } = parseArgs({
  options: {
    rows: { type: 'string', default: '1000000' },
    'max-cols': { type: 'string' },
    seed: { type: 'string', default: '1' },
  },
  allowPositionals: true,
});
const subjects = correctDesigns
  .filter(({ name }) => positionals.length === 0 || positionals.includes(name))
  .map(({ name, kernel, declaration }) => ({
    target: createTarget(name, kernel, declaration),
    operations: operationsOf(kernel),
  }));
const generation = values['max-cols'] === undefined ? {} : { maxCols: Number(values['max-cols']) };
const saved = zoo.map(({ id, counterexample }) => ({ batch: counterexample, file: id }));
const cases = casesOf({
  seed: Number(values.seed),
  saved,
  generation: { ...generation, ...drawnFor(subjects) },
});
const explore = createExplorer(subjects, cases, Number.POSITIVE_INFINITY);
const BLOCK = 1000;

const start = performance.now();
let { tallies } = await explore([-cases.given, 0]);
let rows = 0;
let done = 0;
while (rows < Number(values.rows)) {
  const explored = await explore([done, done + BLOCK]);
  tallies = tallies.map((tally, t) => fold(tally, explored.tallies[t]));
  for (let number = done; number < done + BLOCK; number++) rows += cases.at(number).batch.rows;
  done += BLOCK;
}
const seconds = ((performance.now() - start) / 1000).toFixed(0);
process.stdout.write(`${rows} rows in ${done} batches, seed ${values.seed}, ${seconds} s\n\n`);

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
