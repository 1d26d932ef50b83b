/** A run whose foreign texts are harmless, for every report. */
import type { Origin } from '../core/finding.ts';
import type { RecordedFinding, RecordedRun, RecordedTarget } from '../record/run.ts';
import { inert, LONGEST } from '../text/inert.ts';

/** What the command line called a target is longer than a name. */
const LONGEST_SPECIFIER = 2000;

/** The run with every foreign text in it {@link inert}, but for what lines to be pasted name, which are made so that they are. */
export function inertRun(run: RecordedRun): RecordedRun {
  return { ...run, targets: run.targets.map(inertTarget) };
}

function inertTarget(result: RecordedTarget): RecordedTarget {
  const { target, notFound } = result;
  const named = inertTargetInfo(target);
  return {
    ...result,
    target: {
      ...named,
      ...(target.notes && { notes: target.notes.map((note) => inert(note, 4 * LONGEST)) }),
    },
    notFound: notFound.map((bucket) => inert(bucket)),
    findings: inertFindings(result.findings),
  };
}

/** The same list where nothing changes: what is known of the findings is kept by it. */
function inertFindings(findings: readonly RecordedFinding[]): readonly RecordedFinding[] {
  const clean = findings.map(inertFinding);
  return clean.every((each, k) => each === findings[k]) ? findings : clean;
}

/** A finding with every foreign text in it {@link inert}; the same where nothing changes. */
export function inertFinding(recorded: RecordedFinding): RecordedFinding {
  const { finding } = recorded;
  const clean = {
    target: inertTargetInfo(finding.target),
    detail: finding.detail === null ? null : inert(finding.detail),
    origin: inertOrigin(finding.origin),
    first: finding.first && inertOrigin(finding.first),
  };
  const file = inert(recorded.file, LONGEST_SPECIFIER);
  const isSame = file === recorded.file && JSON.stringify(clean) === JSON.stringify(of(finding));
  if (isSame) return recorded;
  const { named = { file: recorded.file, specifier: finding.target.specifier } } = recorded;
  return { ...recorded, file, named, finding: { ...finding, ...clean } };
}

function of({ target, detail, origin, first }: RecordedFinding['finding']): unknown {
  return { target, detail, origin, first };
}

function inertTargetInfo<T extends { readonly name: string; readonly specifier: string }>(target: T): T {
  return { ...target, name: inert(target.name), specifier: inert(target.specifier, LONGEST_SPECIFIER) };
}

function inertOrigin(origin: Origin): Origin {
  if (origin.by === 'saved') return { ...origin, file: inert(origin.file) };
  return origin.by === 'generated'
    ? { ...origin, families: origin.families.map((each) => inert(each)) }
    : origin;
}
