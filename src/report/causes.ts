/** The faults of recorded findings, found once for all reports, and their causes in words. */
import { type Fault, faultsOf } from '../campaign/explain/faults.ts';
import type { Diagnosis } from '../hypotheses/diagnose.ts';
import type { RecordedFinding } from '../record/run.ts';

const known = new WeakMap<readonly RecordedFinding[], readonly Fault<RecordedFinding>[]>();

/** The faults of a target's findings. */
export function recordedFaults(findings: readonly RecordedFinding[]): readonly Fault<RecordedFinding>[] {
  let faults = known.get(findings);
  if (faults === undefined) {
    faults = faultsOf(findings, ({ finding }) => finding);
    known.set(findings, faults);
  }
  return faults;
}

/** `answers as a kernel would that subtracts no maximum (9 of 9 answers agree bit for bit)`. */
export function describeDiagnosis({ words, explains, of, isExact }: Diagnosis): string {
  return `answers as a kernel would that ${words} (${explains} of ${of} answers agree${isExact ? ' bit for bit' : ''})`;
}
