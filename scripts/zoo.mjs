/**
 * `npm run test:zoo`: how soon a campaign on one core finds each faulty kernel of the zoo, over several seeds, and with
 * --shrink what each find shrinks to. Needs `dist`.
 *
 *     node scripts/zoo.mjs [--seeds 10] [--seconds 10] [--shrink] [id…]
 *
 * Exit 1 when an entry was missed with any of the seeds.
 */
import { parseArgs } from 'node:util';
import { casesOf } from '../dist/campaign/explore/cases.js';
import { metBatch } from '../dist/campaign/explore/climbs.js';
import { createExplorer } from '../dist/campaign/explore/explore.js';
import { minimize } from '../dist/campaign/minimize/minimize.js';
import { drawnFor } from '../dist/campaign/subject.js';
import { withUpstreamIf } from '../dist/core/batch.js';
import { usesUpstream } from '../dist/core/operation.js';
import { zoo } from '../dist/kernels/zoo/index.js';
import { formatCall } from '../dist/report/call.js';
import { fingerprint } from '../dist/shrink/fingerprint.js';
import { createTarget } from '../dist/targets/create.js';

const { values, positionals } = parseArgs({
  options: {
    seeds: { type: 'string', default: '10' },
    seconds: { type: 'string', default: '10' },
    shrink: { type: 'boolean', default: false },
  },
  allowPositionals: true,
});
const seeds = Array.from({ length: Number(values.seeds) }, (_, i) => i + 1);
const chosen = zoo.filter(({ id }) => positionals.length === 0 || positionals.includes(id));

/** Seconds that this process has computed, as others may be computing too. */
function cpuSeconds() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

/** The first case of a campaign that shows the fault, or null when time is over before. */
async function hunt({ operation, bucket }, target, seed) {
  const subjects = [{ target, operations: [operation] }];
  const cases = casesOf({ seed, saved: [], generation: { ...drawnFor(subjects), upstream: true } });
  const explore = createExplorer(subjects, cases, Number.POSITIVE_INFINITY);
  const severity = bucket.endsWith('/warning') ? 'warning' : 'error';
  const start = cpuSeconds();
  for (let number = 0; cpuSeconds() - start < Number(values.seconds); number++) {
    const { tallies } = await explore([number, number + 1]);
    const failures = [...tallies[0].discoveries].filter(
      ([, { signature }]) => signature.severity === severity,
    );
    if (failures.length === 0) continue;
    const found = failures.find(([name]) => name === bucket) ?? failures[0];
    const seconds = cpuSeconds() - start;
    const met = await metBatch(found[1].simplest, target, operation, cases);
    const batch = withUpstreamIf(usesUpstream(operation), met);
    return { ...cases.at(number), batch, discovery: found[1], number, seconds };
  }
  return null;
}

async function shrunk(target, { batch, origin, discovery }) {
  const { signature, simplest, worst, weights } = discovery;
  const { weight } = simplest;
  const discovered = {
    signature,
    batch,
    origin,
    weight,
    weights,
    worst: { ...worst, batch },
    occurrences: 1,
  };
  return minimize(target, discovered, { generation: {} });
}

const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];

async function measure(entry) {
  const target = createTarget(entry.id, entry.kernel, entry.declaration);
  const found = [];
  const findings = [];
  for (const seed of seeds) {
    const first = await hunt(entry, target, seed);
    if (first === null) continue;
    found.push(first);
    if (values.shrink) findings.push(await shrunk(target, first));
  }
  const results = new Map(findings.map((finding) => [finding.bucket + fingerprint(finding.batch), finding]));
  return { entry, found, findings, results: [...results.values()] };
}

function print({ entry, found, findings, results }) {
  const cells = [entry.id.padEnd(5), entry.name.padEnd(38), entry.difficulty.padEnd(10)];
  cells.push(`${found.length}/${seeds.length}`.padStart(6));
  if (found.length > 0) {
    const numbers = found.map(({ number }) => number + 1);
    const seconds = found.map((each) => each.seconds);
    cells.push(
      String(median(numbers)).padStart(6),
      String(Math.max(...numbers)).padStart(6),
      median(seconds).toFixed(2).padStart(6),
      Math.max(...seconds)
        .toFixed(2)
        .padStart(6),
    );
  }
  if (findings.length > 0) {
    const evaluations = findings.map(({ shrink }) => shrink.evaluations);
    cells.push(
      String(median(evaluations)).padStart(6),
      String(Math.max(...evaluations)).padStart(6),
      String(results.length).padStart(3),
    );
  }
  process.stdout.write(`${cells.join(' ')}\n`);
  for (const { bucket, batch, operation } of results) {
    process.stdout.write(`        ${bucket}  ${formatCall(operation, batch)}\n`);
  }
}

process.stdout.write(
  `${'id'.padEnd(5)} ${'name'.padEnd(38)} ${'difficulty'.padEnd(10)}  found  cases (median, max)  s (median, max)${values.shrink ? '  evaluations  results' : ''}\n`,
);
const missed = [];
for (const entry of chosen) {
  const measured = await measure(entry);
  print(measured);
  if (measured.found.length < seeds.length) missed.push(entry.id);
}
process.stdout.write(
  missed.length === 0
    ? `all ${chosen.length} found with each of ${seeds.length} seeds within ${values.seconds} s\n`
    : `missed with some seed: ${missed.join(', ')}\n`,
);
process.exitCode = missed.length === 0 ? 0 : 1;
