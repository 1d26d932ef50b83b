/** `softmax-fuzz targets`: what targets offer, with a smoke test of three batches. */
import { articleBatch } from '../arbitraries/article.ts';
import { logitsOf } from '../campaign/subject.ts';
import { type Batch, batchOf, createBatch } from '../core/batch.ts';
import { inFormat } from '../core/grid.ts';
import { operationsOf } from '../core/kernel.ts';
import { layoutsOf } from '../core/layout.ts';
import type { Operation } from '../core/operation.ts';
import type { Target } from '../core/target.ts';
import { bucketOf } from '../core/violation.ts';
import { describeFormats } from '../formats/describe.ts';
import { describeTaken } from '../options/describe.ts';
import { optionNames, optionSpecs, withOptions } from '../options/index.ts';
import { asTaken, noneDrawn, takenBy } from '../options/taken.ts';
import { createOracle } from '../oracle/exact.ts';
import { builtinNames } from '../targets/builtin.ts';
import { examine } from '../targets/examine.ts';
import { type Check, checkProgram } from '../targets/process/conformance.ts';
import { PROGRAM_PREFIX } from '../targets/process/program.ts';
import { inert, LONGEST_MESSAGE } from '../text/inert.ts';
import { exitCodes } from './exit-codes.ts';
import { named, targetNamed } from './named.ts';
import type { ReachOptions } from './reach.ts';

const smokeBatches: readonly Batch[] = [
  batchOf([[0]]),
  batchOf([[1, 2, 3]], [2], [1, -2, 0.5]),
  { ...articleBatch, upstream: Float32Array.of(0, 1, 0, 2, -1, 1, 1, 0, 0) },
];

/** Runs the command. */
export async function runTargets(specifiers: string[], options: ReachOptions): Promise<void> {
  const ours = [...(options.configured?.keys() ?? [])];
  const names = [specifiers, ours].find((each) => each.length > 0) ?? builtinNames;
  for (const name of names) {
    const target = await targetNamed(name, options, true);
    const { specifier, reach } = named(name, options);
    const formats = describeFormats(target.formats);
    const judged = [specifier, `profile ${target.profile}`, ...(formats === null ? [] : [formats])];
    process.stdout.write(`${inert(target.name)}  (${inert(judged.join(', '), LONGEST_MESSAGE)})\n`);
    for (const note of target.notes ?? []) process.stdout.write(`  ${inert(note, LONGEST_MESSAGE)}\n`);
    for (const operation of operationsOf(target.kernel)) {
      const taken = [
        { name: 'options', list: describeTaken(takenBy(target, operation)) },
        { name: 'layouts', list: layoutsOf(target.layouts, operation).join(', ') || null },
      ].flatMap(({ name, list }) => (list === null ? [] : [`${name}: ${list}`]));
      const verdict = await smokeTest(target, operation);
      const beside = taken.length === 0 ? '' : `  (${taken.join('; ')})`;
      process.stdout.write(`  ${operation.padEnd(18)}${verdict}${beside}\n`);
    }
    if (specifier.startsWith(PROGRAM_PREFIX))
      showChecks(await checkProgram(specifier, { ...reach, showStderr: true }));
  }
}

function showChecks(checks: readonly Check[]): void {
  const failed = checks.filter(({ failure }) => failure !== null);
  const verdict = failed.length === 0 ? 'ok' : `${failed.length} of ${checks.length} checks failed`;
  process.stdout.write(`  ${'protocol'.padEnd(18)}${verdict}\n`);
  for (const { name, failure } of failed)
    process.stdout.write(`    FAIL  ${name}: ${inert(failure ?? '', LONGEST_MESSAGE)}\n`);
  if (failed.length > 0) process.exitCode = exitCodes.falsified;
}

/** `ok`, or each bucket that it fell into, with what was wrong the first time. */
async function smokeTest(target: Target, operation: Operation): Promise<string> {
  const wrong = new Map<string, string | null>();
  const sized = smokeBatches.map((each) => inFormat(sizedFor(target, each), logitsOf(target)));
  for (const batch of sized.flatMap((each) => asked(target, operation, each))) {
    const { violations } = await examine(target, operation, createOracle(batch));
    for (const violation of violations.filter((each) => !wrong.has(bucketOf(each))))
      wrong.set(bucketOf(violation), violation.detail);
  }
  const texts = [...wrong].map(([bucket, detail]) => (detail === null ? bucket : `${bucket}: ${detail}`));
  return texts.join(', ') || 'ok';
}

/** The batch without the options that the operation takes, and with all of them. */
function asked(target: Target, operation: Operation, batch: Batch): Batch[] {
  const taken = takenBy(target, operation);
  const plain = asTaken(batch, taken, noneDrawn);
  if (taken.names.length === 0) return [plain];
  const values = optionNames.flatMap((name) => {
    const { ordinary } = optionSpecs[name];
    return ordinary === null ? [] : [[name, ordinary(batch.cols, batch.rows)]];
  });
  const { options = {} } = withOptions(batch, Object.fromEntries(values));
  return [plain, asTaken(batch, taken, { options, hidden: null, ignored: null })];
}

/** The batch, its logits repeated or cut to the sizes that the target takes alone. */
function sizedFor({ rows, cols }: Target, batch: Batch): Batch {
  if (rows === undefined && cols === undefined) return batch;
  const height = rows ?? batch.rows;
  const width = cols ?? batch.cols;
  const repeat = <T extends Float32Array | Int32Array>(values: T, count: number): number[] =>
    Array.from({ length: count }, (_, k) => values[k % values.length]);
  return createBatch(
    height,
    width,
    repeat(batch.logits, height * width),
    repeat(batch.targets, height).map((target) => Math.min(target, width - 1)),
    batch.upstream && repeat(batch.upstream, height * width),
  );
}
