/** One finding a bucket: several discoveries may shrink into the same. */
import { compareSimplicity } from '../arbitraries/simplicity.ts';
import type { Finding } from '../core/finding.ts';
import { operations } from '../core/operation.ts';
import { kinds } from '../core/violation.ts';

/**
 * The findings with those of equal bucket made one. A warning is left out where an error of the same operation,
 * kind and property stands: it is the same fault, where it shows less. New ones first, errors before warnings, then
 * by operation, kind and name.
 */
export function merge(findings: readonly Finding[]): Finding[] {
  const buckets = new Map<string, Finding>();
  for (const finding of findings) {
    const other = buckets.get(finding.bucket);
    buckets.set(finding.bucket, other === undefined ? finding : mergeTwo(other, finding));
  }
  const merged = [...buckets.values()];
  return merged.filter((finding) => !isOvershadowed(finding, merged)).sort(compareFindings);
}

function isOvershadowed(
  { severity, operation, kind, property }: Finding,
  findings: readonly Finding[],
): boolean {
  if (severity === 'error') return false;
  return findings.some(
    (other) =>
      other.severity === 'error' &&
      other.operation === operation &&
      other.kind === kind &&
      other.property === property,
  );
}

/** The simpler of the two, with the worst case and the occurrences of both. */
function mergeTwo(a: Finding, b: Finding): Finding {
  const simpler = compareSimplicity(b.batch, a.batch) < 0 ? b : a;
  const worst = b.worst.budgetUse > a.worst.budgetUse ? b.worst : a.worst;
  return { ...simpler, worst, occurrences: a.occurrences + b.occurrences };
}

function compareFindings(a: Finding, b: Finding): number {
  return (
    Number(a.known) - Number(b.known) ||
    a.severity.localeCompare(b.severity, 'en') ||
    operations.indexOf(a.operation) - operations.indexOf(b.operation) ||
    kinds.indexOf(a.kind) - kinds.indexOf(b.kind) ||
    (a.bucket < b.bucket ? -1 : 1)
  );
}
