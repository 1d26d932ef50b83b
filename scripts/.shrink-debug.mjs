/**
 * Measures how good shrinking is, for each faulty kernel of the zoo, or with --buckets for each bucket of the built-in
 * kernels: from up to 100 batches that fail in one bucket, how many distinct results there are, how many are the smallest
 * known, and how many evaluations that took; whether each is certified minimal (no candidate fails) and, judged by decimal.js,
 * still in its bucket. Shrinking keeps the weight, as campaigns do: results are distinct, and the smallest, among starts of one
 * least weight. It fails where a bucket is left, where fewer than 90 % of the entries have one result for each least weight,
 * or where more than half take over 200 evaluations. Needs `dist`.
 *
 *     node scripts/shrink-quality.mjs [--buckets] [--starts 100] [--only text]
 */
import { parseArgs } from 'node:util';
import { candidates } from '/work/main/dist/arbitraries/candidates.js';
import { compareSimplicity } from '/work/main/dist/arbitraries/simplicity.js';
import { batchFor, casesOf } from '/work/main/dist/campaign/explore/cases.js';
import { leastWeight } from '/work/main/dist/campaign/minimize/starts.js';
import { drawnFor, logitsOf } from '/work/main/dist/campaign/subject.js';
import { createBatch, withUpstreamIf } from '/work/main/dist/core/batch.js';
import { inFormat } from '/work/main/dist/core/grid.js';
import { laws } from '/work/main/dist/core/law.js';
import { usesUpstream } from '/work/main/dist/core/operation.js';
import { createRandom } from '/work/main/dist/core/random.js';
import { bucketOf } from '/work/main/dist/core/violation.js';
import { estimate, judge } from '/work/main/dist/judge/judge.js';
import { zoo } from '/work/main/dist/kernels/zoo/index.js';
import { examineLaw } from '/work/main/dist/laws/examine-law.js';
import { createOracle } from '/work/main/dist/oracle/exact.js';
import { formatCall } from '/work/main/dist/report/call.js';
import { createWorkspace } from '/work/main/dist/row/approximation.js';
import { shrink } from '/work/main/dist/shrink/descend.js';
import { builtinNames, builtinTarget } from '/work/main/dist/targets/builtin.js';
import { createTarget } from '/work/main/dist/targets/create.js';
import { examine } from '/work/main/dist/targets/examine.js';

const { values: options } = parseArgs({
  options: {
    buckets: { type: 'boolean', default: false },
    starts: { type: 'string', default: '100' },
    only: { type: 'string', default: '' },
  },
});
const STARTS = Number(options.starts);

/** Batches of so many logits are not started from a hundred times. */
const MOST_LOGITS = 1e6;

/** Rare buckets of the built-in kernels are measured from fewer starts; those of the zoo from grown counterexamples. */
const MOST_CASES = options.buckets ? 8000 : 1000;

const workspace = createWorkspace();
const cases = casesOf({ seed: 1, saved: [], generation: { upstream: true } });

async function bucketsIn(subject, batch, verdict = estimate) {
  return (await violationsIn(subject, batch, verdict)).map(bucketOf);
}

async function violationsIn({ target, operation, law }, batch, verdict) {
  const oracle = createOracle(batch, workspace);
  const { violations } =
    law === undefined
      ? await examine(target, operation, oracle, verdict)
      : await examineLaw(target, operation, oracle, law, verdict);
  return violations;
}

/** The law that a bucket is of, if any. */
function lawOf(bucket) {
  return bucket.endsWith('/nondeterministic') ? 'repeatable' : laws.find((law) => bucket.endsWith(`/${law}`));
}

/** What is measured: a bucket of an operation of a target, the batches to start from, the smallest known batch if any. */
async function* subjects() {
  if (options.buckets) {
    for (const name of builtinNames) yield* await bucketsOf(builtinTarget(name));
    return;
  }
  for (const { id, name, operation, kernel, declaration, bucket, counterexample } of zoo) {
    const target = createTarget(`${id} ${name}`, kernel, declaration);
    const subject = { target, operation, law: lawOf(bucket), bucket, counterexample, starts: [] };
    if (subjectName(subject).includes(options.only)) yield { ...subject, starts: await startsOf(subject) };
  }
}

async function bucketsOf(target) {
  const found = new Map();
  for (let number = 0; number < MOST_CASES; number++) {
    const { batch } = cases.at(number);
    for (const operation of Object.keys(target.kernel)) {
      for (const bucket of await bucketsIn({ target, operation }, batch)) {
        const subject = found.get(bucket) ?? { target, operation, bucket, starts: [] };
        if (subjectName(subject).includes(options.only)) found.set(bucket, subject);
        if (subject.starts.length < STARTS) subject.starts.push(batch);
      }
    }
  }
  return [...found.values()].sort((a, b) => (a.bucket < b.bucket ? -1 : 1));
}

/** Failing batches of a campaign, and where those are too few, the smallest known one grown again. */
async function startsOf(subject) {
  const { bucket, counterexample } = subject;
  const starts = [];
  const most = Math.min(STARTS, Math.ceil(MOST_LOGITS / counterexample.logits.length));
  const consider = async (batch) => {
    if ((await bucketsIn(subject, batch)).includes(bucket)) starts.push(batch);
  };
  const { target, operation } = subject;
  const drawn = drawnFor([{ target, operations: [operation] }]);
  const its = casesOf({ seed: 1, saved: [], generation: { ...drawn, upstream: true } });
  for (let number = 0; number < MOST_CASES && starts.length < most; number++)
    await consider(batchFor(its.at(number, logitsOf(target)), target, operation));
  const random = createRandom([0x9e3779b9, 0x243f6a88, 0xb7e15162, 0x2545f491]);
  for (let tries = 0; tries < 30 * most && starts.length < most; tries++)
    await consider(inFormat(grown(random, counterexample), logitsOf(target)));
  return starts;
}

/** The batch with rows and columns between its own, and with some logits moved. */
function grown(random, { rows, cols, logits, targets }) {
  const moreRows = rows + (random.chance(0.5) ? random.below(4) : 0);
  const moreCols = cols + (random.chance(0.8) ? random.below(40) : 0);
  const places = sortedPick(random, moreCols, cols);
  const shift = random.chance(0.2) ? random.below(21) - 10 : 0;
  const filler = random.pick([() => 0, () => 20 * random.unit() - 10, () => random.pick(logits)]);
  const values = Array.from({ length: moreRows * moreCols }, () => filler() + shift);
  for (let row = 0; row < rows; row++) {
    for (const [col, place] of places.entries()) {
      const value = logits[row * cols + col] + shift;
      values[row * moreCols + place] = random.chance(0.2) ? value + random.pick([-1, 0.3, 0.01, 2.5]) : value;
    }
  }
  const classes = Array.from({ length: moreRows }, (_, row) =>
    row < rows ? places[targets[row]] : random.below(moreCols),
  );
  return createBatch(moreRows, moreCols, values, classes);
}

/** `count` of the indices below `length`, ascending. */
function sortedPick(random, length, count) {
  const left = new Set();
  while (left.size < length - count) left.add(random.below(length));
  return Array.from({ length }, (_, k) => k).filter((k) => !left.has(k));
}

async function measure(subject) {
  const { operation, bucket, starts, counterexample } = subject;
  const weightOf = async (batch, verdict = estimate) =>
    (await violationsIn(subject, batch, verdict)).find((each) => bucketOf(each) === bucket)?.weight ?? -1;
  const fails = (least, verdict) => async (batch) => (await weightOf(batch, verdict)) >= least;
  const results = new Map();
  const evaluations = [];
  for (const start of starts) {
    const needed = withUpstreamIf(usesUpstream(operation), start);
    const least = leastWeight(await weightOf(needed));
    const { batch, evaluations: asked } = await shrink(needed, fails(least));
    evaluations.push(asked);
    const text = formatCall(operation, batch, 2000);
    const key = `${least} ${text}`;
    results.set(key, { text, batch, least, times: (results.get(key)?.times ?? 0) + 1 });
  }
  const found = [...results.values()].sort((a, b) => compareSimplicity(a.batch, b.batch));
  const known = counterexample === undefined ? -1 : await weightOf(counterexample);
  const optimumFor = (least) =>
    known >= least ? counterexample : found.find((each) => each.least === least)?.batch;
  const counts = { optimal: 0, kept: 0, minimal: 0 };
  for (const { batch, least, times } of found) {
    if (compareSimplicity(batch, optimumFor(least)) <= 0) counts.optimal += times;
    if ((await weightOf(batch, judge)) >= 0) counts.kept += times;
    if (await isMinimal(batch, fails(least))) counts.minimal += times;
  }
  const weights = new Set(found.map(({ least }) => least)).size;
  evaluations.sort((a, b) => a - b);
  const at = (share) => evaluations[Math.min(evaluations.length - 1, Math.floor(share * evaluations.length))];
  return { found, weights, distinct: found.length, ...counts, median: at(0.5), p95: at(0.95) };
}

async function isMinimal(batch, fails) {
  for (const candidate of candidates(batch)) if (await fails(candidate)) return false;
  return true;
}

function subjectName({ target, bucket }) {
  return `${target.name}: ${bucket}`;
}

const line = (cells) => process.stdout.write(`| ${cells.join(' | ')} |\n`);
const head = [
  'entry',
  'starts',
  'weights',
  'distinct',
  'optimal',
  'minimal',
  'kept',
  'median',
  'p95',
  'results',
];
line(head);
line(head.map(() => '---'));
const rows = [];
for await (const subject of subjects()) {
  const starts = subject.starts.length;
  const row = { starts, ...(await measure(subject)) };
  rows.push(row);
  const { weights, distinct, optimal, minimal, kept, median, p95, found } = row;
  const shown = found.map(({ text, times, least }) => `\n   [${least}] ${text.slice(0, 130)} x${times}`);
  line([
    subjectName(subject),
    starts,
    weights,
    distinct,
    optimal,
    minimal,
    kept,
    median,
    p95,
    shown.join('; '),
  ]);
}
const medians = rows.map(({ median }) => median).sort((a, b) => a - b);
const median = medians[medians.length >> 1];
const count = (test) => rows.filter(test).length;
const one = count(({ weights, distinct }) => distinct === weights);
const kept = count(({ kept, starts }) => kept === starts);
const minimal = count(({ minimal, starts }) => minimal === starts);
const optimal = count(({ optimal, starts }) => optimal === starts);
process.stdout.write(
  `\n${rows.length} entries: one result a weight ${one}, all optimal ${optimal}, all minimal ${minimal}, all kept ${kept}; median ${median}, at most ${medians.at(-1)}\n`,
);
if (kept < rows.length || one < 0.9 * rows.length || !(median <= 200)) process.exitCode = 1;
