/** A run as one JSON object, for machines. Floats are 8-digit hex words. */
import type { AccuracySummary, WorstNumber } from '../campaign/accuracy.ts';
import { type Answer, isAnswer, isWhole, sketchOf } from '../core/kept.ts';
import { toHexWords } from '../float32/bits.ts';
import { finiteOrNull, SCHEMA_VERSION, toSizeWords } from '../record/finding-file.ts';
import type { RecordedFinding, RecordedRun } from '../record/run.ts';

/** The object that `--json` writes; the README describes its fields. */
export function toJson({ seed, elapsedMs, targets }: RecordedRun): object {
  return {
    schemaVersion: SCHEMA_VERSION,
    seed,
    elapsedMs: Math.round(elapsedMs),
    targets: targets.map(({ target, operations, cases, elements, accuracies, verdict, findings }) => ({
      name: target.name,
      operations,
      cases,
      elements,
      verdict,
      accuracy: accuracies.map(accuracyToJson),
      findings: findings.map(findingToJson),
    })),
  };
}

function accuracyToJson({ worstUlp, worstUse, ...summary }: AccuracySummary): object {
  const worst = ({ logits, error, ...place }: WorstNumber): object => ({
    error: finiteOrNull(error),
    ...place,
    logits: logits && toHexWords(logits),
  });
  return { ...summary, worstUlp: worst(worstUlp), worstUse: worst(worstUse) };
}

function findingToJson({ finding, id, file }: RecordedFinding): object {
  const { bucket, operation, property, kind, severity, known, exceeds, output, expected } = finding;
  const { rows, cols, ...batch } = finding.batch;
  const isKept = isWhole(sketchOf(finding.batch));
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
    targets: [...batch.targets],
    upstream: isKept && batch.upstream ? toHexWords(batch.upstream) : null,
    output: output && wordsOf(output),
    expected: wordsOf(expected),
    file,
  };
}

/** The answer's words, or null where it was too long to be kept: the finding's file has what was. */
function wordsOf(answer: Answer): string[] | null {
  return isAnswer(answer) ? toHexWords(answer) : null;
}
