/** `softmax-fuzz targets`: what targets offer, with a smoke test of three batches. */
import { Command } from 'commander';
import { articleBatch } from '../arbitraries/article.ts';
import { batchOf } from '../core/batch.ts';
import { operationsOf } from '../core/kernel.ts';
import type { Operation } from '../core/operation.ts';
import type { Target } from '../core/target.ts';
import { bucketOf } from '../core/violation.ts';
import { createOracle } from '../oracle/exact.ts';
import { builtinNames } from '../targets/builtin.ts';
import { examine } from '../targets/examine.ts';
import { resolveTarget } from '../targets/resolve.ts';

const smokeBatches = [batchOf([[0]]), batchOf([[1, 2, 3]], [2]), articleBatch];

/** The command. */
export function targetsCommand(): Command {
  return new Command('targets')
    .description(
      'Shows what targets offer, and how they do on three batches. It never fails for what it finds.',
    )
    .argument('[target...]', 'naive, stable, ./kernel.mjs or ./kernel.mjs#export (default: naive stable)')
    .action(run);
}

async function run(specifiers: string[]): Promise<void> {
  for (const specifier of specifiers.length === 0 ? builtinNames : specifiers) {
    const target = await resolveTarget(specifier);
    process.stdout.write(`${target.name}  (${specifier}, profile ${target.profile})\n`);
    for (const operation of operationsOf(target.kernel)) {
      process.stdout.write(`  ${operation.padEnd(18)}${await smokeTest(target, operation)}\n`);
    }
  }
}

/** `ok`, or each bucket that it fell into, with what was wrong the first time. */
async function smokeTest(target: Target, operation: Operation): Promise<string> {
  const wrong = new Map<string, string | null>();
  for (const batch of smokeBatches) {
    const { violations } = await examine(target, operation, createOracle(batch));
    for (const violation of violations.filter((each) => !wrong.has(bucketOf(each))))
      wrong.set(bucketOf(violation), violation.detail);
  }
  const texts = [...wrong].map(([bucket, detail]) => (detail === null ? bucket : `${bucket}: ${detail}`));
  return texts.join(', ') || 'ok';
}
