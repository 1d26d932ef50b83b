/** A block of a sweep as a file: what an earlier run has left is believed as far as it can be of this sweep. */
import * as v from 'valibot';
import { fromBits } from '../float32/bits.ts';
import { withChecksum, withoutChecksum } from '../record/checksum.ts';
import { parseJson } from '../record/parse.ts';
import { UserError } from '../text/errors.ts';
import type { BlockResult } from './block.ts';
import { MOST_INTERVALS } from './intervals.ts';
import { LEADERS } from './leaders.ts';
import { type Block, blocksOf, type SweepPlan } from './plan.ts';
import { seriesOf, xAt } from './series.ts';

/** Levels are of powers of two in ULP, and no FP32 error has more. */
const MOST_LEVELS = 600;

const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const some = v.pipe(v.number(), v.integer(), v.minValue(1));
const word = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(2 ** 32 - 1));

const indexSchema = v.object({ index: count });

/** The text of the file. */
export function formatBlock(block: BlockResult): string {
  return withChecksum(block);
}

/**
 * The block in JSON `text`; `source` says in errors where the text is from.
 * @throws UserError when it is not JSON, does not fit its checksum, or can be no block of this sweep.
 */
export function parseBlock(text: string, source: string, plan: SweepPlan): BlockResult {
  const checked = withoutChecksum(text, source, 'Remove it, and --resume sweeps its block again.');
  const { index } = parseJson(indexSchema, checked, source);
  const block = blocksOf(plan).find((each) => each.index === index);
  if (block === undefined) throw new UserError(`${source}: this sweep has no block ${index}`);
  const result = parseJson(schemaOf(plan, block), checked, source);
  for (const { intervals } of result.series)
    for (const { from, to } of intervals)
      if (!(result.first <= from && from <= to && to <= result.last))
        throw new UserError(
          `${source}: an interval from ${from} to ${to} is none of ${result.first} to ${result.last}`,
        );
  return result;
}

/** What a block of the plan may be. */
function schemaOf(plan: SweepPlan, { from, to }: Block) {
  const position = v.pipe(v.number(), v.integer(), v.minValue(from), v.maxValue(to));
  const leader = v.object({
    position: v.pipe(
      position,
      v.check((each) => Number.isFinite(xAt(plan, each)), 'expected the position of a finite number'),
    ),
    got: v.pipe(
      word,
      v.check((each) => !Number.isNaN(fromBits(each)), 'expected the word of a number'),
    ),
    size: v.pipe(v.number(), v.minValue(0)),
  });
  const leaders = v.pipe(v.array(leader), v.maxLength(LEADERS));
  const interval = v.object({
    fault: v.string(),
    from: position,
    to: position,
    answers: some,
    parts: some,
    gotFrom: word,
    gotTo: word,
  });
  const series = v.object({
    levels: v.pipe(v.array(count), v.maxLength(MOST_LEVELS)),
    nans: count,
    errors: leaders,
    uses: leaders,
    intervals: v.pipe(v.array(interval), v.maxLength(MOST_INTERVALS)),
  });
  return v.object({
    index: count,
    visits: some,
    first: position,
    last: position,
    series: v.pipe(v.array(series), v.length(seriesOf(plan.operation).length)),
  });
}
