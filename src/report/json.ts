/** A run as one JSON object, for machines. Floats are 8-digit hex words. */
import type { AccuracySummary, WorstNumber } from '../campaign/accuracy.ts';
import { type Answer, isAnswer, isWhole, sketchOf } from '../core/kept.ts';
import { toHexWords } from '../float32/bits.ts';
import { finiteOrNull, SCHEMA_VERSION, toCallWords, toSizeWords } from '../record/finding-file.ts';
import type { RecordedFinding, RecordedRun } from '../record/run.ts';
import type { RunFile } from '../record/run-file.ts';
import { packageVersion } from '../record/state-file.ts';
import { toOptionWords } from '../record/words.ts';
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
      ({ target, operations, cases, elements, accuracies, verdict, notFound, findings }) => ({
        name: target.name,
        specifier: target.specifier,
        profile: target.profile,
        ...(target.formats && { formats: target.formats }),
        operations: [...operations],
        cases,
        elements,
        verdict,
        accuracy: accuracies.map(accuracyToJson),
        notFound: [...notFound],
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

function accuracyToJson({
  worstUlp,
  worstUse,
  ...summary
}: AccuracySummary): RunFile['targets'][number]['accuracy'][number] {
  const worst = ({ logits, error, ...place }: WorstNumber) => ({
    error: finiteOrNull(error),
    ...place,
    logits: logits && toHexWords(logits),
  });
  return { ...summary, worstUlp: worst(worstUlp), worstUse: worst(worstUse) };
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
