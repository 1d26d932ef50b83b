/**
 * A campaign of all operations of a built-in kernel, with none of its options, with some or all in half of the batches, in a process of its own as campaigns have them:
 * `node bench/campaign.mjs stable@bf16 scale,mask`. Prints nanoseconds a logit given to the kernel.
 */
import { casesOf } from '../dist/campaign/explore/cases.js';
import { createExplorer } from '../dist/campaign/explore/explore.js';
import { drawnFor } from '../dist/campaign/subject.js';
import { operations } from '../dist/core/operation.js';
import { builtinTarget } from '../dist/targets/builtin.js';
import { nanosecondsPerLogit } from './measure.mjs';

/**
 * Cases of a campaign: of fewer, those that decimal.js has to judge make more than their share. The first 128 are all measured, which of the 20,000 of a campaign is nothing
 * (src/campaign/explore/accuracy.ts).
 */
const CAMPAIGN = [128, 1128];

const [name, which] = process.argv.slice(2);
const target = withOptions(builtinTarget(name), which);

/** The target with the options of these names alone, in each operation that takes them. */
function withOptions({ options, ...plain }, which) {
  if (which === 'none') return plain;
  if (which === 'all') return { ...plain, options };
  const isKept = (option) => which.split(',').includes(option);
  const kept = Object.entries(options).map(([operation, taken]) => [
    operation,
    { ...taken, names: taken.names.filter(isKept) },
  ]);
  return { ...plain, options: Object.fromEntries(kept) };
}

async function explored() {
  const subjects = [{ target, operations }];
  const cases = casesOf({ seed: 1, saved: [], generation: drawnFor(subjects) });
  const { tallies } = await createExplorer(subjects, cases, Number.POSITIVE_INFINITY)(CAMPAIGN);
  return tallies[0].elements;
}

console.log(await nanosecondsPerLogit(explored, 3));
