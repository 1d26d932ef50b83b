/** One finding a bucket, or two where its errors are of different weights: several discoveries may shrink into the same. */
import { compareSimplicity } from '../arbitraries/simplicity.ts';
import { heavierFirst } from '../core/error-size.ts';
import type { Finding } from '../core/finding.ts';
import { addHistograms, medianOf } from '../core/histogram.ts';
import { operations } from '../core/operation.ts';
import { kinds } from '../core/violation.ts';
import { isHeavier } from './minimize/starts.ts';

/**
 * The findings with those of equal bucket made one, but where each of two needs an option that the other does not, or where the heaviest is another matter: see {@link isHeavier}. A warning is left out where an error of the same operation, kind and property stands: it is the
 * same fault, where it shows less. So is a nondeterministic one where an error needs calls before it: what is kept between calls shows now and then.
 */
export function merge(findings: readonly Finding[]): Finding[] {
  const buckets = new Map<string, Finding[]>();
  for (const finding of findings)
    buckets.set(finding.bucket, [...(buckets.get(finding.bucket) ?? []), finding]);
  const merged = [...buckets.values()].flatMap(mergeBucket);
  return merged.filter((finding) => !isOvershadowed(finding, merged));
}

function mergeBucket(findings: readonly Finding[]): Finding[] {
  const heaviest = Math.max(...findings.map(({ weight }) => weight));
  const isHeavy = ({ weight }: Finding): boolean => !isHeavier(heaviest, weight);
  return [findings.filter(isHeavy), findings.filter((finding) => !isHeavy(finding))].flatMap(mergeMatter);
}

/** Findings of one bucket and weight, made one where one needs no option that the other does not. */
function mergeMatter(findings: readonly Finding[]): Finding[] {
  const merged: Finding[] = [];
  for (const finding of [...findings].sort((a, b) => compareInputs(a, b))) {
    const k = merged.findIndex((each) => !needOthers(each, finding));
    if (k === -1) merged.push(finding);
    else merged[k] = mergeTwo(merged[k], finding);
  }
  return merged;
}

/** Whether each of two findings needs an option that the other does not. */
export function needOthers(a: Pick<Finding, 'batch'>, b: Pick<Finding, 'batch'>): boolean {
  const [ofA, ofB] = [a, b].map(({ batch }) => Object.keys(batch.options ?? {}));
  return ofA.some((name) => !ofB.includes(name)) && ofB.some((name) => !ofA.includes(name));
}

function isOvershadowed(finding: Finding, findings: readonly Finding[]): boolean {
  return (
    isBehind(finding, findings) ||
    (finding.severity !== 'error' &&
      finding.kind === 'nondeterministic' &&
      findings.some(
        ({ severity, operation, before }) =>
          severity === 'error' && operation === finding.operation && before !== undefined,
      ))
  );
}

/** Whether it is a warning, and an error of the same operation, kind and property stands among the findings. */
export function isBehind(
  { severity, operation, kind, property }: Pick<Finding, 'severity' | 'operation' | 'kind' | 'property'>,
  findings: readonly Pick<Finding, 'severity' | 'operation' | 'kind' | 'property'>[],
): boolean {
  return (
    severity !== 'error' &&
    findings.some(
      (other) =>
        other.severity === 'error' &&
        other.operation === operation &&
        other.kind === kind &&
        other.property === property,
    )
  );
}

/** The simpler of the two, with the worst case and the occurrences of both. */
function mergeTwo(a: Finding, b: Finding): Finding {
  const simpler = compareInputs(b, a) < 0 ? b : a;
  const worst = heavierFirst(b.worst, a.worst) < 0 ? b.worst : a.worst;
  const weights = addHistograms(a.weights, b.weights);
  const occurrences = a.occurrences + b.occurrences;
  return { ...simpler, worst, weights, typicalWeight: medianOf(weights), occurrences };
}

/** Negative where what `a` shows is simpler: fewer calls, then a simpler input of the last. */
export function compareInputs(
  a: Pick<Finding, 'before' | 'batch'>,
  b: Pick<Finding, 'before' | 'batch'>,
): number {
  return (a.before?.length ?? 0) - (b.before?.length ?? 0) || compareSimplicity(a.batch, b.batch);
}

/** New ones first, errors before warnings, then by operation, kind and name, the heavier of two first. */
export function compareFindings(a: Finding, b: Finding): number {
  return (
    Number(a.known) - Number(b.known) ||
    a.severity.localeCompare(b.severity, 'en') ||
    operations.indexOf(a.operation) - operations.indexOf(b.operation) ||
    kinds.indexOf(a.kind) - kinds.indexOf(b.kind) ||
    (a.bucket === b.bucket ? heavierFirst(a, b) : a.bucket < b.bucket ? -1 : 1)
  );
}
