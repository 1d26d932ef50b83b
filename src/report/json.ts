/** A run as one JSON object, for machines. Floats are 8-digit hex words. */

import type { AccuracyChange } from '../campaign/compare/accuracy-changes.ts';
import type { Power } from '../campaign/explain/power.ts';
import type { AccuracySummary, WorstNumber } from '../campaign/explore/accuracy.ts';
import type { Places } from '../campaign/explore/bands.ts';
import { type Answer, isAnswer, isWhole, sketchOf } from '../core/kept.ts';
import type { Operation } from '../core/operation.ts';
import { toHexWords } from '../float32/bits.ts';
import { toBenchmarkJson } from '../record/benchmark-file.ts';
import { finiteOrNull, SCHEMA_VERSION, toCallWords, toSizeWords } from '../record/finding-file.ts';
import { toOptionWords } from '../record/option-words.ts';
import type { RecordedFinding, RecordedRun } from '../record/run.ts';
import type { RunFile } from '../record/run-file.ts';
import { packageVersion } from '../record/state-file.ts';
import { inertJson } from '../text/inert.ts';
import { cellBands, gapBands, lengthBands, octavesOf, type Ranged } from './bands.ts';
import { recordedFaults } from './causes.ts';
import { minimizeLine } from './replay-line.ts';

/** The object that `--json` writes at `date`; schemas/run-1.schema.json describes its fields. */
export function toJson(
  { seed, shard, limits, elapsedMs, interrupted, targets }: RecordedRun,
  date: Date,
): RunFile {
  return {
    schemaVersion: SCHEMA_VERSION,
    version: packageVersion,
    date: date.toISOString(),
    seed,
    shard: shard ?? null,
    options: limits,
    elapsedMs: Math.round(elapsedMs),
    interrupted,
    targets: targets.map(
      ({
        target,
        operations,
        cases,
        elements,
        accuracies,
        places,
        coverage,
        repeats,
        verdict,
        notFound,
        power,
        benchmark,
        changes,
        findings,
      }) => ({
        name: target.name,
        specifier: target.specifier,
        profile: target.profile,
        ...(target.formats && { formats: target.formats }),
        ...(target.semantics && { semantics: target.semantics }),
        operations: [...operations],
        cases,
        elements,
        verdict,
        accuracy: accuracies.map(accuracyToJson),
        ...(benchmark && { benchmark: toBenchmarkJson(benchmark) }),
        ...(changes && { changes: changes.map(changeToJson) }),
        errors: operations
          .filter((operation) => places.has(operation))
          .map((operation) => errorsToJson(operation, places.get(operation) as Places)),
        coverage: cellBands(coverage).map(({ gap, length, numbers, wrong, worstUse }) => ({
          gap: { from: gap.from, to: finiteOrNull(gap.to) },
          length,
          numbers,
          wrong,
          worstUse: sizeOrNull(worstUse),
        })),
        ...(repeats && { repeats }),
        notFound: [...notFound],
        ...(power && { power: powerToJson(power) }),
        notes: [...(target.notes ?? [])],
        unshrunk: findings.filter(({ finding }) => finding.shrink.cut).length,
        faults: recordedFaults(findings).map(({ lead, others, cause }) => ({
          lead: lead.id,
          cause,
          findings: [lead, ...others].map(({ id }) => id),
        })),
        findings: findings.map(findingToJson),
      }),
    ),
  };
}

type TargetJson = RunFile['targets'][number];

function changeToJson({
  to,
  before,
  after,
  ...change
}: AccuracyChange): NonNullable<TargetJson['changes']>[number] {
  return { ...change, to: finiteOrNull(to), before: [...before], after: [...after] };
}

/** That object as the text of a file. */
export function toJsonText(run: RecordedRun, date: Date): string {
  return `${inertJson(JSON.stringify(toJson(run, date), null, 1))}\n`;
}

function powerToJson({ faults }: Power): NonNullable<RunFile['targets'][number]['power']> {
  const missed = faults.filter(({ foundAfter }) => foundAfter === null);
  return {
    known: faults.length,
    found: faults.length - missed.length,
    missed: missed.map(({ words, needs, tried }) => ({ words, needs, tried })),
  };
}

function accuracyToJson({
  worstUlp,
  worstUse,
  ulps,
  ...summary
}: AccuracySummary): RunFile['targets'][number]['accuracy'][number] {
  const worst = ({ logits, error, ...place }: WorstNumber) => ({
    error: finiteOrNull(error),
    ...place,
    logits: logits && toHexWords(logits),
  });
  return {
    ...summary,
    worstUlp: worst(worstUlp),
    worstUse: worst(worstUse),
    ulps: octavesOf(ulps).map(({ from, numbers }) => ({ from, numbers })),
  };
}

function errorsToJson(
  operation: Operation,
  { gaps, lengths }: Places,
): NonNullable<RunFile['targets'][number]['errors']>[number] {
  const toJson = ({ from, to, numbers, wrong, worstUlp, allowedUlp, worstUse }: Ranged) => ({
    from,
    to: finiteOrNull(to),
    numbers,
    wrong,
    worstUlp: sizeOrNull(worstUlp),
    allowedUlp: sizeOrNull(allowedUlp),
    worstUse: sizeOrNull(worstUse),
  });
  return { operation, gaps: gapBands(gaps).map(toJson), lengths: lengthBands(lengths).map(toJson) };
}

/** Six digits of a size, of which more are not sure; null where there is none. */
function sizeOrNull(size: number): number | null {
  return size < 0 || !Number.isFinite(size) ? null : Number(size.toPrecision(6));
}

function findingToJson(recorded: RecordedFinding): RunFile['targets'][number]['findings'][number] {
  const { finding, id, file } = recorded;
  const { bucket, operation, property, kind, severity, known, exceeds, output, expected, shrink } = finding;
  const { rows, cols, ...batch } = finding.batch;
  const isKept = isWhole(sketchOf(finding.batch));
  const cut = shrink.cut ?? false;
  return {
    id,
    bucket,
    operation,
    property,
    kind,
    severity,
    known,
    exceeds,
    ...toSizeWords(finding),
    worstWeight: toSizeWords(finding.worst).weight,
    typicalWeight: finiteOrNull(finding.typicalWeight),
    occurrences: finding.occurrences,
    rows,
    cols,
    logits: isKept ? toHexWords(batch.logits) : null,
    ...(finding.before && { before: toCallWords(finding.before) }),
    targets: [...batch.targets],
    upstream: isKept && batch.upstream ? toHexWords(batch.upstream) : null,
    ...(isKept && batch.options && { options: toOptionWords(batch.options) }),
    output: output && wordsOf(output),
    expected: wordsOf(expected),
    shrink: { minimal: shrink.minimal, cut, next: cut ? minimizeLine(recorded) : null },
    file,
  };
}

/** The answer's words, or null where it was too long to be kept: the finding's file has what was. */
function wordsOf(answer: Answer): string[] | null {
  return isAnswer(answer) ? toHexWords(answer) : null;
}
