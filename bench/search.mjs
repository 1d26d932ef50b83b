/**
 * `npm run bench:search`: how many executions of a kernel show its fault, with this tool's batches, with and without its
 * search, and with what others generate. Needs `dist`; Hypothesis takes part where python3 has it.
 *
 *     node bench/search.mjs [--seeds 30] [--cap 1000] [--svg docs/search.svg]
 *
 * An execution is one call of one operation. Every answer is judged alike, by the entry's profile; a kernel that is not
 * found within the cap is kept as such. Left out are kernels whose single answers are right, which laws beyond the oracle find.
 * Of correct softmax kernels it tells how much of the budget the worst answer within the cap used.
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { climbFrom } from '../dist/campaign/explore/climbs.js';
import { operations } from '../dist/core/operation.js';
import { closenessOf } from '../dist/judge/closeness.js';
import { estimate, judge } from '../dist/judge/judge.js';
import { correctDesigns } from '../dist/kernels/zoo/correct/index.js';
import { zoo } from '../dist/kernels/zoo/index.js';
import { createOracle } from '../dist/oracle/exact.js';
import { createWorkspace } from '../dist/row/approximation.js';
import { profileNamed } from '../dist/row/profiles.js';
import { createTarget } from '../dist/targets/create.js';
import { examine } from '../dist/targets/examine.js';
import { table } from './measure.mjs';
import { narrowFaults } from './narrow.mjs';
import { samplers } from './samplers.mjs';
import { survivalCurve } from './survival.mjs';

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '30' },
    cap: { type: 'string', default: '1000' },
    svg: { type: 'string' },
  },
});
const seeds = Number(values.seeds);
const cap = Number(values.cap);
const workspace = createWorkspace();

/** Correct designs run to the cap each time: with the first few seeds. */
const ALARM_SEEDS = Math.min(3, seeds);

/** The samplers draw FP32 numbers. */
const isOfFp32 = ({ declaration }) => declaration.format === undefined;

const faulty = [
  ...zoo
    .filter((entry) => entry.class !== 'laws' && isOfFp32(entry))
    .map((entry) => ({ ...entry, group: entry.difficulty })),
  ...narrowFaults.map((entry) => ({ ...entry, group: 'narrow', bucket: 'warning' })),
].map(({ name, operation, declaration, bucket, kernel, group }) => ({
  name,
  operation,
  group,
  severities: bucket.endsWith('warning') ? ['error', 'warning'] : ['error'],
  target: createTarget(name, kernel, declaration),
}));
const correct = correctDesigns.filter(isOfFp32).flatMap(({ name, declaration, kernel }) =>
  operations
    .filter((operation) => kernel[operation] !== undefined)
    .map((operation) => ({
      name,
      operation,
      severities: ['error', 'warning'],
      target: createTarget(name, kernel, declaration),
    })),
);

const softmaxes = correct.filter(({ operation }) => operation === 'softmax');

/** The execution that shows a fault first, or Infinity. `sample.at(k)` is a batch with its oracle. */
async function firstFailure({ target, operation, severities }, { at, cases, climbs }) {
  const fails = (violations) => violations.some(({ severity }) => severities.includes(severity));
  let executions = 0;
  for (let number = 0; executions < cap; number++) {
    const oracle = at(number);
    if (oracle === undefined) return Number.POSITIVE_INFINITY;
    const { output, violations } = await examine(target, operation, oracle, judge);
    executions++;
    if (fails(violations)) return executions;
    if (!climbs || output === null || violations.length > 0) continue;
    const climb = climbFrom({ target, operation, number, oracle, output }, cases);
    let first = Number.POSITIVE_INFINITY;
    await climb?.(workspace, (_batch, _step, met) => {
      executions++;
      if (first > executions && fails(met)) first = executions;
    });
    if (first <= cap) return first;
  }
  return Number.POSITIVE_INFINITY;
}

/** The largest share of its budget that an answer of a correct kernel used, within the cap. */
async function worstUse({ target, operation }, { at, cases, climbs }) {
  const profile = profileNamed(target.profile);
  let worst = 0;
  let executions = 0;
  const look = async (oracle) => {
    const { output } = await examine(target, operation, oracle, estimate);
    const { budgetUse } = closenessOf(operation, oracle.batch, oracle.approximate, output, profile);
    worst = Math.max(worst, budgetUse);
    executions++;
    return output;
  };
  for (let number = 0; executions < cap; number++) {
    const oracle = at(number);
    if (oracle === undefined) return worst;
    const output = await look(oracle);
    const climb = climbs ? climbFrom({ target, operation, number, oracle, output }, cases) : null;
    const met = [];
    await climb?.(workspace, (batch) => met.push(batch));
    for (const batch of met.slice(0, cap - executions)) await look(createOracle(batch));
  }
  return worst;
}

const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];

/** The median, and the order statistics that enclose the true one with 95 % or more (binomial, normal approximation). */
function interval(numbers) {
  const sorted = numbers.toSorted((a, b) => a - b);
  const n = sorted.length;
  const reach = Math.ceil((1.96 * Math.sqrt(n)) / 2);
  const at = (k) => show(sorted[Math.max(0, Math.min(n - 1, k))]);
  return `${show(median(numbers))} (${at(Math.floor(n / 2) - reach)}..${at(Math.ceil(n / 2) + reach - 1)})`;
}

const show = (executions) => (Number.isFinite(executions) ? String(executions) : `> ${cap}`);

const results = [];
for (const { name, open } of samplers(seeds, cap)) {
  const runs = faulty.map(() => []);
  const uses = softmaxes.map(() => []);
  let alarms = 0;
  for (let seed = 1; seed <= seeds; seed++) {
    const sample = open(seed);
    for (const [f, entry] of faulty.entries()) runs[f].push(await firstFailure(entry, sample));
    if (seed <= ALARM_SEEDS) {
      for (const entry of correct) if (Number.isFinite(await firstFailure(entry, sample))) alarms++;
      for (const [c, entry] of softmaxes.entries()) uses[c].push(await worstUse(entry, sample));
    }
    if (seed % 5 === 0) process.stderr.write(`${name}: ${seed} of ${seeds} seeds\n`);
  }
  results.push({ name, runs, uses, alarms });
}

/** Whether medians are a fifth apart or more. */
const differs = (a, b) => {
  const [low, high] = [median(a), median(b)].sort((x, y) => x - y);
  return low !== high && !(high < 1.2 * low);
};

const groups = [...new Set(faulty.map(({ group }) => group))];
const isIn = (group) => (_, f) => faulty[f].group === group;
const killed = (runs) =>
  Array.from({ length: seeds }, (_, s) => runs.filter((run) => Number.isFinite(run[s])).length);
const sizeOf = (group) => faulty.filter(isIn(group)).length;

console.log(
  `${faulty.length} faulty kernels, ${correct.length} operations of correct designs, ${seeds} seeds, cap ${cap}\n`,
);
console.log(
  table(
    [
      'batches of',
      ...groups.map((group) => `${group} (${sizeOf(group)})`),
      'executions, median kernel',
      'false alarms',
    ],
    results.map(({ name, runs, alarms }) => [
      name,
      ...groups.map((group) => interval(killed(runs.filter(isIn(group))))),
      interval(Array.from({ length: seeds }, (_, s) => median(runs.map((run) => run[s])))),
      `${alarms} of ${correct.length * ALARM_SEEDS}`,
    ]),
  ),
);
console.log(
  '\nExecutions to the first failure where the search makes a difference, or the fault is narrow:\n',
);
const [withSearch, without] = results;
console.log(
  table(
    ['fault', ...results.map(({ name }) => name)],
    faulty.flatMap(({ name, group }, f) =>
      group === 'narrow' || differs(withSearch.runs[f], without.runs[f])
        ? [[name, ...results.map(({ runs }) => interval(runs[f]))]]
        : [],
    ),
  ),
);
console.log(`\nThe most of its budget that a correct softmax used, median of ${ALARM_SEEDS} seeds:\n`);
console.log(
  table(
    ['kernel', ...results.map(({ name }) => name)],
    softmaxes.map(({ name }, c) => [name, ...results.map(({ uses }) => median(uses[c]).toFixed(3))]),
  ),
);
if (values.svg !== undefined) {
  const curves = results.map(({ name, runs }) => ({ name, executions: runs.flat() }));
  writeFileSync(values.svg, survivalCurve(curves, cap));
}
