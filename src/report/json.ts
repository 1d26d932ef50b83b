/** A run as one JSON object, for machines. Floats are 8-digit hex words. */
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
  const { bucket, operation, property, kind, severity, known, batch, output, expected } = finding;
  return {
    id,
    bucket,
    operation,
    property,
    kind,
    severity,
    known,
    rows: batch.rows,
    cols: batch.cols,
    logits: toHexWords(batch.logits),
    targets: [...batch.targets],
    upstream: batch.upstream && toHexWords(batch.upstream),
    output: output && toHexWords(output),
    expected: toHexWords(expected),
    file,
  };
}
