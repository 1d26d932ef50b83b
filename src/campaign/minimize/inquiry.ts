/** One failure that is minimized: how the target is asked for it, and what restrains that. Each stage of minimizing asks here. */
import type { BatchOptions } from '../../arbitraries/generate.ts';
import type { Batch } from '../../core/batch.ts';
import type { Call } from '../../core/call.ts';
import type { Target } from '../../core/target.ts';
import { bucketOf, type Violation } from '../../core/violation.ts';
import { estimate } from '../../judge/judge.ts';
import { notTaken, takenBy } from '../../options/taken.ts';
import { createOracle } from '../../oracle/exact.ts';
import { createWorkspace } from '../../row/approximation.ts';
import type { ShrinkOptions } from '../../shrink/descend.ts';
import type { SizeQuestions } from '../../shrink/sizes.ts';
import { fits } from '../explore/cases.ts';
import { takes } from '../subject.ts';
import { createBreath, type Pause } from '../turns.ts';
import type { Discovered } from './discovered.ts';
import { createLearned, type Learned } from './earlier-results.ts';
import { createProofs, type Proofs } from './proofs.ts';
import { createRestraints, type Restraints, type Signals } from './restraints.ts';
import { createSequences, type Sequences } from './sequences.ts';
import { leastWeight } from './starts.ts';
import { createVerdicts, isKept, type Verdicts } from './verdicts.ts';
import { type Asking, alone, askingFor, type Look, type Way } from './ways.ts';

/** What restrains minimizing, and what is known beforehand. */
export interface MinimizeOptions extends Signals {
  /** The shape that every candidate must keep, where it is fixed. */
  readonly generation: BatchOptions;
  /** Waited for before each evaluation. @defaultValue one that lets signals and timers through */
  readonly pause?: Pause | undefined;
  /** Those of the target's findings so far. @defaultValue none */
  readonly proofs?: Proofs | undefined;
  /** What was said of batches of the target so far. @defaultValue none */
  readonly verdicts?: Verdicts | undefined;
  /** What others of the target have shrunk to so far. @defaultValue nothing */
  readonly learned?: Learned | undefined;
  /** The sequences of calls that the target's failures needed so far; null where none is looked for. @defaultValue none */
  readonly sequences?: Sequences | null | undefined;
  /** Whether a target may be loaded anew where it is, and not in another process, while what needs calls is shrunk. @defaultValue where it can be */
  readonly isReloaded?: boolean | undefined;
}

/** How a batch is asked for. */
export interface How {
  /** @defaultValue alone */
  readonly way?: Way;
  /** @defaultValue in double precision where that decides */
  readonly verdict?: typeof estimate;
  /** Once true, nothing is asked. @defaultValue once shrinking is over */
  readonly isEnough?: () => boolean;
}

/** One failure, and how it is asked for. */
export interface Inquiry extends Restraints, Pick<SizeQuestions, 'step'> {
  readonly target: Target;
  readonly discovered: Discovered;
  readonly asking: Asking;
  readonly pause: Pause;
  readonly proofs: Proofs;
  readonly learned: Learned;
  readonly sequences: Sequences | null;
  readonly isReloaded: boolean;
  readonly shrinking: ShrinkOptions;
  /** Whether the batch is an input of the target at all, by the operation that fails. */
  readonly takes: (batch: Batch) => boolean;
  /** The same of another call. */
  readonly takesCall: (call: Call) => boolean;
  readonly look: (way: Way) => Look;
  /** What the answer to the batch violates; nothing where it is not asked for. */
  readonly violations: (batch: Batch, how?: How) => Promise<readonly Violation[]>;
  /** Whether a violation is as heavy as what was met. */
  readonly isHeavy: (violation: Violation) => boolean;
}

/** A logit that decimal.js evaluates takes as long as so many that double precision judges, or more. Of small batches it is not counted: they are asked once for all discoveries. */
const EXACT = 100;

/** The inquiry into a discovery, in which nothing has been asked yet. */
export function createInquiry(target: Target, discovered: Discovered, options: MinimizeOptions): Inquiry {
  const { generation, sequences = createSequences(), verdicts = createVerdicts() } = options;
  const { signature, before, weight } = discovered;
  const { operation, law } = signature;
  const asking = askingFor(target, signature);
  const share = (sequences ?? createSequences()).share();
  const restraints = createRestraints(options, before === undefined ? null : share);
  const { isOver, unlessHalted } = restraints;
  const pause = options.pause ?? createBreath();
  const workspace = createWorkspace();
  const least = leastWeight(weight);
  const takesCall = ({ operation: by, batch }: Call): boolean =>
    fits(batch, generation) && takes(target, batch) && notTaken(batch.options, takenBy(target, by)) === null;
  const isTaken = (batch: Batch): boolean => takesCall({ operation, batch });
  const look = (way: Way): Look =>
    way.asked === 'alone' ? asking.now : asking.after(way.calls, share, way.isQuick);
  return {
    ...restraints,
    target,
    discovered,
    asking,
    pause,
    proofs: options.proofs ?? createProofs(),
    learned: options.learned ?? createLearned(),
    sequences,
    isReloaded: options.isReloaded ?? target.reload !== undefined,
    shrinking: { keepsShape: generation.rows !== undefined && generation.cols !== undefined, isOver },
    step: target.limits?.multipleOf ?? 1,
    takes: isTaken,
    takesCall,
    look,
    async violations(batch, { way = alone, verdict = estimate, isEnough = isOver } = {}) {
      await pause();
      if (isEnough() || !isTaken(batch)) return [];
      restraints.spendLogits(batch.logits.length);
      const ask = async () => {
        const oracle = createOracle(batch, workspace);
        const looked = await unlessHalted(look(way)(oracle, verdict));
        if (!isKept(batch)) restraints.spendLogits(EXACT * oracle.evaluated());
        return looked?.violations ?? null;
      };
      const question = `${operation} ${law} ${verdict.name}`;
      const found = (await (way.asked === 'alone' ? verdicts.of(question, batch, ask) : ask())) ?? [];
      restraints.spendFailures(found);
      return found;
    },
    isHeavy: (violation) => violation.weight >= least,
  };
}

/** Whether batches fail in the bucket. */
export function failsIn(
  bucket: string,
  { violations }: Inquiry,
  how?: How,
): (batch: Batch) => Promise<boolean> {
  return async (batch) => (await violations(batch, how)).some((each) => bucketOf(each) === bucket);
}

/** Whether batches fail in the bucket, as heavily as what was met. */
export function failsHeavilyIn(
  bucket: string,
  { violations, isHeavy }: Inquiry,
  how?: How,
): (batch: Batch) => Promise<boolean> {
  return async (batch) =>
    (await violations(batch, how)).some((each) => bucketOf(each) === bucket && isHeavy(each));
}
