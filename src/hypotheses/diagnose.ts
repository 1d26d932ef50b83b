/**
 * The cause of findings by name: the first known way to be wrong that answers as the target has answered.
 *
 * A hypothesis explains a finding where its answer to the finding's input is the target's, number for number: the same infinity, NaN for NaN, and
 * finite numbers that differ by no more than two right ways to compute it do; where its answer is wrong in the finding's bucket; and where it is
 * right beside the boundary, as the target is. It is dismissed where it is wrong on an input of {@link probes}, or on its own witness, and the target has answered something else
 * there (evidence.ts). Of findings for which the target was not asked, it is dismissed where it is wrong there in a way that the target never
 * was, or that takes the target a less simple input: a campaign would have met the one, and shrunk to the other. No hypothesis: nothing is claimed.
 */
import { compareSimplicity } from '../arbitraries/simplicity.ts';
import { type Batch, batchOf } from '../core/batch.ts';
import type { Finding, SupportedCause } from '../core/finding.ts';
import { isAnswer } from '../core/kept.ts';
import { isLaw } from '../core/law.ts';
import { bucketOf } from '../core/violation.ts';
import { estimate } from '../judge/judge.ts';
import { createOracle } from '../oracle/exact.ts';
import { profileOf } from '../row/profile-formats.ts';
import { fingerprint } from '../shrink/fingerprint.ts';
import { conventions } from './conventions.ts';
import { fittedTo } from './fitted.ts';
import { type FaultyKernel, rowWith } from './hypothesis.ts';
import { faultyKernelsFor } from './known.ts';
import { type Agreement, type AnswerOf, answersOf, likeness } from './likeness.ts';
import { kernelWith, right } from './steps.ts';

/** What is claimed of a group of findings. */
export interface Diagnosis {
  /** `subtracts no maximum`. */
  readonly words: string;
  /** How many of the findings it explains, and of how many that could be compared. */
  readonly explains: number;
  readonly of: number;
  /** Whether all of those answers agree bit for bit. */
  readonly isExact: boolean;
}

/** Inputs on which known faults show: thresholds alone, a maximum at either end of short rows and within, rows of different size. */
export const probes: readonly Batch[] = [
  batchOf([[89]]),
  batchOf([[-104]]),
  batchOf([[88.5, 88.5]]),
  batchOf([[0, -104]], [1]),
  batchOf([[120, 0, 1]], [2]),
  // A maximum that is neither the first nor the last.
  batchOf([[0, 120, 1]], [2]),
  ...[5, 35].map((at) => rowWith(40, { [at]: 120 })),
  ...[2, 3, 4, 5, 7, 9, 17].map((cols) => batchOf([new Array(cols).fill(0).with(cols - 1, 120)])),
  ...[3, 5, 9, 17].map((cols) => batchOf([new Array(cols).fill(0)])),
  batchOf([new Array(512).fill(0)]),
  // Gaps of all sizes, none of few digits.
  batchOf([[0, -0.0637, -0.3, -0.9, -1.71, -3.33, -7.19, -13.77]]),
  batchOf(
    [
      [100, 0],
      [0, 1],
    ],
    [1, 1],
  ),
  batchOf(
    [
      [0, 1],
      [0, 1],
    ],
    [0, 1],
  ),
];

/** So many answers beside its own make a finding enough for a cause, where others are not explained. */
export const LEAST_CONFIRMED = 2;

/** A cause has to explain this share of the findings. */
const MOST_OF = 0.8;

/**
 * The diagnosis of findings of one target that one cause may have; `all` are all of that target. With causes `established` of others of its findings
 * these alone are tried, and on no probes: they explain warnings too, and what is not shrunk to the end.
 */
export function diagnose(
  findings: readonly Finding[],
  all: readonly Finding[],
  established?: ReadonlySet<string>,
): Diagnosis | null {
  const comparable = findings.filter(isComparable);
  // What may be a special value agrees by chance: another of the group tells more.
  const isTelling = ({ kind, severity }: Finding): boolean =>
    severity === 'error' && kind !== 'special-value';
  const lead =
    comparable.find((each) => isTelling(each) && (each.causes?.length ?? 0) > 0) ??
    comparable.find(isTelling) ??
    findings[0];
  // A warning beside errors is one of theirs, or says less than they do.
  const hasError = all.some(
    ({ severity, operation }) => severity === 'error' && operation === lead.operation,
  );
  const isWeak = (lead.severity === 'warning' && hasError) || isByChance(lead) || lead.shrink.cut === true;
  if (!isComparable(lead) || (isWeak && established === undefined) || isOfRounding(lead)) return null;
  let best: (Diagnosis & { readonly answer: AnswerOf }) | null = null;
  /** How many findings of the target a hypothesis explains, whatever group they are in. */
  const explainsOfAll = (answer: AnswerOf): number =>
    all.filter((finding) => isComparable(finding) && agreement(finding, answer) !== 'no').length;
  const kernels = faultyKernelsFor(comparable.map(({ batch }) => batch));
  for (const { words, kernel, witness } of [...kernels, ...fittedFor(established ? all : [lead], kernels)]) {
    if (established?.has(words) === false) continue;
    const answer = answersOf(kernel);
    if (agreement(lead, answer) === 'no') continue;
    // Of one input there is one answer, whatever buckets it falls into.
    const agreements = comparable.map((finding) =>
      agreement(isOneInput(lead, finding) ? lead : finding, answer),
    );
    const explained = agreements.filter((each) => each !== 'no');
    const most = best?.explains ?? 0;
    if (explained.length < MOST_OF * comparable.length || explained.length < most) continue;
    if (established === undefined) {
      // One answer alone proves little: where it is only nearly alike, or where the target has others that are not explained.
      const support = lead.causes?.find((cause) => cause.words === words);
      const isConfirmed = (support?.confirmed ?? 0) >= LEAST_CONFIRMED;
      const isOneOfMany = (): boolean => all.filter(isComparable).length > 1 && explainsOfAll(answer) === 1;
      if (comparable.length === 1 && !isConfirmed && (agreements[0] !== 'exact' || isOneOfMany())) continue;
      const isRefuted =
        lead.causes === undefined
          ? isAbsent(answer, lead, all, [...probes, witness()])
          : support === undefined;
      if (isRefuted) continue;
    }
    const isExact = explained.every((each) => each === 'exact');
    const isMore = (other: AnswerOf): boolean => explainsOfAll(answer) > explainsOfAll(other);
    const isTie = best !== null && explained.length === most;
    if (best !== null && isTie && !(isExact === best.isExact ? isMore(best.answer) : isExact)) continue;
    best = {
      words,
      explains: explained.length,
      of: comparable.length,
      isExact,
      answer,
    };
  }
  if (best === null) return null;
  const { answer: _, ...diagnosis } = best;
  return diagnosis;
}

/** Whether several mistakes give the special value, and no further answer of the target tells which. */
function isByChance({ kind, causes = [] }: Finding): boolean {
  if (kind !== 'special-value') return false;
  return causes.length !== 1 && !causes.some(({ confirmed }) => confirmed >= LEAST_CONFIRMED);
}

/** The mistakes with a number of their own, or with a usual one in double precision, that the answers to further inputs have supported. */
function fittedFor(findings: readonly Finding[], usual: readonly FaultyKernel[]): FaultyKernel[] {
  const fitted = findings.flatMap((finding) => {
    const isUsual = (cause: SupportedCause): boolean =>
      usual.some(
        ({ words, kernel }) => words === cause.words && agreement(finding, answersOf(kernel)) !== 'no',
      );
    const own = finding.causes?.filter((cause) => !isUsual(cause)) ?? [];
    if (own.length === 0) return [];
    const made = fittedTo(finding, (kernel) => explainsEdge(finding, answersOf(kernel)));
    return made.filter(({ words }) => own.some((cause) => cause.words === words));
  });
  return [...new Map(fitted.map((each) => [`${each.isPrecise} ${each.words}`, each])).values()];
}

/** Whether hypotheses can speak of it: of FP32 arithmetic, with an answer, no law beyond the oracle, and no calls before it: hypotheses keep nothing of a call. */
export function isComparable({ output, batch, before, formats, property }: Finding): boolean {
  return (
    before === undefined &&
    output !== null &&
    isAnswer(output) &&
    batch.logits.length <= 8192 &&
    (formats?.arithmetic ?? 'fp32') === 'fp32' &&
    !isLaw(property)
  );
}

/** Whether two findings are of one call. */
export function isOneInput(a: Finding, b: Finding): boolean {
  return a.operation === b.operation && fingerprint(a.batch) === fingerprint(b.batch);
}

/** Without any mistake: by each convention, and with losses added in FP32, as those with options are. */
const rightAnswers = [
  ...conventions.map((convention) => kernelWith(convention.with({}))),
  kernelWith({}, right, { losses: () => ({}) }),
].map(answersOf);

/** Whether a kernel of the hypotheses answers so without any mistake: FP32 does, where a profile allows less. */
export function isOfRounding(finding: Finding): boolean {
  return rightAnswers.some((answer) => agreement(finding, answer) !== 'no');
}

/** Whether the hypothesis explains the finding, and whether bit for bit. */
export function agreement(finding: Finding, answerOf: AnswerOf): Agreement {
  const { operation, batch, output, bucket, boundary } = finding;
  const { answer: format } = profileOf(finding);
  if (output === null || !isAnswer(output)) return 'no';
  const alike = likeness(answerOf(operation, batch).map(format.round), output, format);
  if (alike === 'no') return 'no';
  if (!bucketsOf(answerOf, finding, batch).includes(bucket)) return 'no';
  if (boundary !== null) {
    if (bucketsOf(answerOf, finding, withLogit(batch, boundary.cell, boundary.passes)).includes(bucket))
      return 'no';
  }
  return alike;
}

/** Whether the hypothesis explains the finding to the very edge of its failure: a usual mistake whose steps are rounded otherwise may be a float off, a number that is estimated not. */
export function explainsEdge(finding: Finding, answerOf: AnswerOf): boolean {
  const { batch, bucket, boundary } = finding;
  if (agreement(finding, answerOf) === 'no') return false;
  return (
    boundary === null ||
    bucketsOf(answerOf, finding, withLogit(batch, boundary.cell, boundary.fails)).includes(bucket)
  );
}

const withLogit = (batch: Batch, cell: number, logit: number): Batch => ({
  ...batch,
  logits: batch.logits.with(cell, logit),
});

/** The buckets that a hypothesis falls into with a batch, by the operation of a finding and its target's profile. */
export function bucketsOf(answerOf: AnswerOf, finding: Finding, batch: Batch): string[] {
  const profile = profileOf(finding);
  const answer = answerOf(finding.operation, batch).map(profile.answer.round);
  return estimate(createOracle(batch), finding.operation, answer, profile).map(bucketOf);
}

/** Whether the hypothesis shows an error on a probe, by the operation of the finding, that the target never showed on so simple an input. */
function isAbsent(
  answerOf: AnswerOf,
  finding: Finding,
  all: readonly Finding[],
  probes: readonly Batch[],
): boolean {
  const isMet = (bucket: string, probe: Batch): boolean =>
    all.some(
      (each) =>
        (each.bucket === bucket || each.shows?.includes(bucket) === true) &&
        compareSimplicity(each.batch, probe) <= 0,
    );
  return probes.some((probe) =>
    bucketsOf(answerOf, finding, probe).some(
      (bucket) => !bucket.endsWith('/warning') && !isMet(bucket, probe),
    ),
  );
}
