/** The finding of a failure that a new target shows only after other calls. */
import type { Finding } from '../../core/finding.ts';
import { bucketOf } from '../../core/violation.ts';
import { judge } from '../../judge/judge.ts';
import { createOracle } from '../../oracle/exact.ts';
import type { Discovered } from './discovered.ts';
import type { Inquiry } from './inquiry.ts';
import { type Ending, findSequence, type Sequences, type SequencesTried } from './sequences.ts';
import type { Gone } from './unsteady.ts';
import { callsOf, type Look } from './ways.ts';

/** A failure that a new target does not show. */
export interface GoneFailure {
  /** What it shrank to, and what was met where that is another, each with what it violated. */
  readonly failing: readonly Pick<Discovered, 'signature' | 'batch'>[];
  readonly gone: Gone;
}

/** What is said where there was no looking for calls that a failure needs. */
const untried =
  ', and was not asked for after other calls, because its other failures have had their share of these';

/** The finding, with the calls that it needs, as `minimize` makes it of a discovery with calls before it; where none are found, what was tried, in words. */
export async function findAfterCalls(
  { target, discovered, asking, isHeavy, isOver, pause }: Inquiry,
  { failing, gone }: GoneFailure,
  sequences: Sequences,
  minimize: (discovered: Discovered) => Promise<Finding>,
): Promise<Finding | string> {
  const share = sequences.share();
  const isUntried = share.isSpent();
  const fails = async ({ batch, bucket }: Omit<Ending, 'before'>, look: Look): Promise<boolean> => {
    const { violations } = await look(createOracle(batch), judge);
    return violations.some((violation) => bucketOf(violation) === bucket && isHeavy(violation));
  };
  const found = await findSequence({
    target,
    subjects: failing.map(({ signature, batch }) => ({ batch, bucket: bucketOf(signature) })),
    prior: gone.prior,
    earlier: discovered.earlier ?? (() => []),
    found: sequences.found(),
    async fails(ending) {
      await pause();
      return fails(ending, asking.after(ending.before, share));
    },
    failsNow(subject) {
      share.spend(callsOf(discovered.signature));
      return fails(subject, asking.now);
    },
    share,
    isOver,
  });
  if ('asked' in found) return `${gone.words}${isUntried ? untried : inWords(found)}`;
  const { before, batch, bucket } = found;
  const { signature } = failing.find((each) => bucketOf(each.signature) === bucket) ?? discovered;
  const finding = await minimize({ ...discovered, signature, batch, before });
  if (finding.before)
    sequences.keep({ before: finding.before, batch: finding.batch, bucket: finding.bucket });
  return finding;
}

function inWords({ failed, asked }: SequencesTried): string {
  return asked === 0 ? '' : `, and in ${failed} of ${asked} after the calls before it`;
}
