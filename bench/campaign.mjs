/**
 * A campaign of all operations of a built-in kernel, with options in half of the batches or without, in a process of its own as campaigns have them:
 * `node bench/campaign.mjs stable@bf16 with`. Prints nanoseconds a logit given to the kernel.
 */
import { casesOf } from '../dist/campaign/explore/cases.js';
import { createExplorer } from '../dist/campaign/explore/explore.js';
import { drawnFor } from '../dist/campaign/subject.js';
import { operations } from '../dist/core/operation.js';
import { builtinTarget } from '../dist/targets/builtin.js';
import { nanosecondsPerLogit } from './measure.mjs';

/** Cases of a campaign: of fewer, those that decimal.js has to judge make more than their share. */
const CAMPAIGN = 500;

const [name, withOrWithout] = process.argv.slice(2);
const { options, ...plain } = builtinTarget(name);
const target = withOrWithout === 'with' ? { ...plain, options } : plain;

async function explored() {
  const subjects = [{ target, operations }];
  const cases = casesOf({ seed: 1, saved: [], generation: drawnFor(subjects) });
  const { tallies } = await createExplorer(subjects, cases, Number.POSITIVE_INFINITY)([0, CAMPAIGN]);
  return tallies[0].elements;
}

console.log(await nanosecondsPerLogit(explored, 5));
