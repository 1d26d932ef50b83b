/** A run as one JSON object, for machines. Floats are 8-digit hex words. */
import { type Answer, isAnswer, isWhole, sketchOf } from '../core/kept.ts';
import { toHexWords } from '../float32/bits.ts';
import { SCHEMA_VERSION } from '../record/finding-file.ts';
import type { RecordedFinding, RecordedRun } from '../record/run.ts';

/** The object that `--json` writes; the README describes its fields. */
export function toJson({ seed, elapsedMs, targets }: RecordedRun): object {
  return {
    schemaVersion: SCHEMA_VERSION,
    seed,
    elapsedMs: Math.round(elapsedMs),
    targets: targets.map(({ target, operations, cases, elements, verdict, findings }) => ({
      name: target.name,
      operations,
      cases,
      elements,
      verdict,
      findings: findings.map(findingToJson),
    })),
  };
}

function findingToJson({ finding, id, file }: RecordedFinding): object {
  const { bucket, operation, property, kind, severity, known, output, expected } = finding;
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
