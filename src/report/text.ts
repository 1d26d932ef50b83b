/** The pieces of a run as text: a finding with all that is known of it, its error, its boundary, its origin. */
import type { Fault } from '../campaign/explain/faults.ts';
import type { ErrorSize } from '../core/error-size.ts';
import type { Finding, Origin } from '../core/finding.ts';
import { gridOf } from '../core/grid.ts';
import { isLaw } from '../core/law.ts';
import { answersBatch } from '../core/operation.ts';
import type { Violation } from '../core/violation.ts';
import { MIN_NORMAL } from '../float32/constants.ts';
import { formatFloat } from '../float32/format.ts';
import { toHexIn } from '../formats/words.ts';
import type { RecordedFinding, RecordedRun } from '../record/run.ts';
import { answerOf } from './answer-format.ts';
import { formatAnswerWords, formatCalls, formatWords } from './call.ts';
import { describeDiagnosis } from './causes.ts';
import { explained } from './explanation.ts';
import { formatNumberOf, formatSize } from './numbers.ts';
import { minimizeLine, replayLine } from './replay-line.ts';
import { formatExceeds, formatWeights } from './weight.ts';
import { describeAlone, describeCause, describeFactor, describeKind } from './why.ts';

const LABEL_WIDTH = 12;
const MOST_WORDS = 8;

/** What time or an interrupt left unshrunk and how to go on, or null where that is nothing. */
export function formatUnshrunk({ targets, interrupted }: RecordedRun): string | null {
  const cut = targets.flatMap(({ findings }) => findings.filter(({ finding }) => finding.shrink.cut));
  if (cut.length === 0) return null;
  const why = interrupted ? 'it was interrupted' : 'time or calls were used up';
  return `${formatNumberOf(cut.length, 'finding', 'findings')} not shrunk to the end, because ${why}: softmax-fuzz minimize goes on, or a longer --max-time where one was given`;
}

/** `seed 7`, or `seed 7, shard 3 of 8`. */
export function formatPart({ seed, shard }: Pick<RecordedRun, 'seed' | 'shard'>): string {
  return shard === undefined ? `seed ${seed}` : `seed ${seed}, shard ${shard.index} of ${shard.count}`;
}

/** What else a fault shows as, an operation with its kinds after the other: `logSoftmax nan; crossEntropy nan, infinite`; null for nothing. */
export function describeOthers({ others }: Fault<RecordedFinding>): string | null {
  const kindsOf = new Map<string, Set<string>>();
  for (const { finding } of others) {
    const kinds = kindsOf.get(finding.operation) ?? new Set();
    kindsOf.set(finding.operation, kinds.add(isLaw(finding.property) ? finding.property : finding.kind));
  }
  if (kindsOf.size === 0) return null;
  const words = Array.from(kindsOf, ([operation, kinds]) => `${operation} ${[...kinds].join(', ')}`);
  return `${words.join('; ')} (${formatNumberOf(others.length, 'finding', 'findings')} more)`;
}

function isSameBucket(a: Finding, b: Finding): boolean {
  return a.bucket === b.bucket && a.known === b.known;
}

/** A block that shows one finding and the line that replays it, and names the lighter one of its bucket, if there is one among `others`. */
export function formatFinding(
  recorded: RecordedFinding,
  others: readonly RecordedFinding[] = [],
  fault: Fault<RecordedFinding> | null = null,
  replay = replayLine(recorded),
): string {
  const { finding } = recorded;
  const lines = [headingOf(recorded)];
  const add = (label: string, text: string | null): void => {
    if (text !== null) lines.push(labeled(label, text));
  };
  add('What', describeKind(finding));
  add('Detail', finding.detail);
  add('Cause', fault?.cause ? describeDiagnosis(fault.cause) : null);
  const cause = describeCause(finding);
  if (cause !== null) add(cause.label, cause.words);
  add(finding.shrink.cut ? 'Input' : 'Simplest', formatCalls(finding));
  add('Alone', describeAlone(finding));
  add('bits', formatWords(finding.batch.logits, MOST_WORDS, gridOf(finding.batch)));
  if (finding.batch.upstream !== null)
    add('upstream', formatWords(finding.batch.upstream, MOST_WORDS, gridOf(finding.batch)));
  add('Expected', formatAnswerWords(finding.expected, finding.index, answerOf(finding)));
  if (finding.output !== null) {
    add('Got', formatAnswerWords(finding.output, finding.index, answerOf(finding)));
    const isSaid = finding.detail !== null && Number.isNaN(finding.errorUlp);
    add('Error', isSaid ? null : formatError(finding));
  }
  add('Factor', describeFactor(finding));
  add('Weight', formatWeights(finding));
  add('Known', formatExceeds(finding));
  const lighter = others.find(
    (other) => isSameBucket(other.finding, finding) && other.finding.weight < finding.weight,
  );
  add('Lighter', lighter === undefined ? null : formatLighter(lighter));
  add('Also', fault && describeOthers(fault));
  add('Boundary', formatBoundary(finding));
  add('Anything', formatExplanation(finding));
  add('Found', formatOrigin(finding));
  add('Shrink on', finding.shrink.cut ? minimizeLine(recorded) : null);
  add('Replay', replay);
  return lines.join('\n');
}

/** `FAIL  mine: softmax/nan/exp-overflow  (finding 7c1e0400)`. */
export function headingOf({ finding, id }: RecordedFinding): string {
  const heading = finding.severity === 'error' ? 'FAIL' : 'WARN';
  return `${heading}  ${finding.target.name}: ${finding.bucket}  (finding ${id})`;
}

/** A line of a block. */
export function labeled(label: string, text: string): string {
  return `  ${label.padEnd(LABEL_WIDTH)}${text}`;
}

/** `softmax([0, -104]): off by 5e-46, finding 2d63af60`. */
function formatLighter({ finding, id }: RecordedFinding): string {
  const call = formatCalls(finding, MOST_WORDS);
  return `${call}: ${formatOff(finding)}, finding ${id}`;
}

/** The error of the element where it matters most: `output[1]: off by 8.3e-8 (relative 1.7e-6, 21.9 ULP), 2.79 times the budget`. */
export function formatError(error: Finding | Violation): string {
  const { index, budgetUse, operation, kind } = error;
  const place = answersBatch(operation) ? 'the loss' : `output[${index}]`;
  if (Number.isNaN(error.errorUlp)) return `${place}: not comparable`;
  if (kind === 'infinite') return `${place}: infinite`;
  const use = Number.isFinite(budgetUse)
    ? `${formatSize(budgetUse)} times the budget`
    : 'no error is allowed here';
  return `${place}: ${formatOff(error)}, ${use}`;
}

/** The error alone; relative where the exact value is not 0, in ULP where it is a normal number. */
export function formatOff({ absoluteError, relativeError, errorUlp }: ErrorSize): string {
  if (Number.isNaN(relativeError)) return `off by ${formatSize(absoluteError)}`;
  const isNormal = absoluteError / relativeError >= MIN_NORMAL;
  const ulps = isNormal ? `, ${formatSize(errorUlp)} ULP` : '';
  return `off by ${formatSize(absoluteError)} (relative ${formatSize(relativeError)}${ulps})`;
}

/** `fails like this from 88.72284 (42b17218), not at 88.72283 (42b17217)`, or null when there is no boundary. */
export function formatBoundary({ boundary, batch }: Finding): string | null {
  if (boundary === null) return null;
  const place = batch.logits.length === 1 ? '' : `logits[${boundary.cell}] `;
  const grid = gridOf(batch);
  const value = (x: number): string => `${formatFloat(x, grid.round)} (${toHexIn(x, grid)})`;
  return `${place}fails like this from ${value(boundary.fails)}, not at ${value(boundary.passes)}`;
}

/** `softmax([*, 89]) fails like this with everything tried for …`, or null where nothing may be anything. */
export function formatExplanation(finding: Finding): string | null {
  const words = explained(finding);
  return words && `${words.call} ${words.sentence}`;
}

/** Where the batch came from and how far it was shrunk. */
export function formatOrigin({ origin, first, occurrences, original, shrink }: Finding): string {
  const climbed =
    origin.step === undefined ? '' : `, ${formatNumberOf(origin.step, 'step', 'steps')} from it`;
  const earlier = first === undefined ? '' : `, first in ${formatSource(first, origin)}`;
  const minimal = shrink.minimal ? '' : ', not minimal';
  return `${formatSource(origin)}${climbed}; met ${formatNumberOf(occurrences, 'time', 'times')}${earlier}; shrunk from ${original.rows} x ${original.cols} in ${formatNumberOf(shrink.evaluations, 'try', 'tries')}${minimal}`;
}

/** `seed 7, case 12`, of which the seed is left out where `other` has said it. */
function formatSource(origin: Origin, other?: Origin): string {
  if (origin.by === 'saved') return `saved ${origin.file}`;
  if (origin.by === 'article') return "the article's batch";
  return other?.by === 'generated' ? `case ${origin.case}` : `seed ${origin.seed}, case ${origin.case}`;
}
