/**
 * Foreign text, made harmless: names, notes and messages of targets, names of files. What a format has of its own to escape, as `<` in HTML, is the business of
 * its report.
 */
import type { Origin } from '../core/finding.ts';
import type { RecordedFinding, RecordedRun, RecordedTarget } from '../record/run.ts';

/**
 * The text with everything that would not be seen, or would change how the rest is seen, by its number: control characters, what
 * sets the direction of text, what has no width, and halves of characters: `\u{202e}`. Spaces and line feeds stay.
 */
export function visible(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Co}\p{Cn}]/gu, (character) =>
    character === '\n' ? character : `\\u{${(character.codePointAt(0) as number).toString(16)}}`,
  );
}

/** Text of a target's is shown up to so many characters. */
const LONGEST = 200;

/** Foreign text: the beginning of it, where it is long. */
export function shortened(text: string, longest = LONGEST): string {
  const characters = [...text.slice(0, 2 * longest + 2)];
  return characters.length > longest ? `${characters.slice(0, longest).join('')}…` : text;
}

/**
 * Foreign text as part of a line, {@link visible} and {@link shortened}. It is no command to GitHub's runner, which takes `::` at the beginning
 * of a line and `##[` anywhere for the beginning of one.
 */
export function inert(text: string, longest = LONGEST): string {
  const line = text.replace(/\s+/gu, ' ').trim();
  const shown = line.replace(/^::/, '\\u{3a}:').replaceAll('##[', '#\\u{23}[');
  return shortened(visible(shown), longest);
}

/** What the command line called a target is a part of lines to be copied: it is longer than a name. */
const LONGEST_SPECIFIER = 2000;

/** The run with every foreign text in it {@link inert}. */
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

function inertFinding(recorded: RecordedFinding): RecordedFinding {
  const { finding } = recorded;
  const clean = {
    target: inertTargetInfo(finding.target),
    detail: finding.detail === null ? null : inert(finding.detail),
    origin: inertOrigin(finding.origin),
    first: finding.first && inertOrigin(finding.first),
  };
  const file = inert(recorded.file, LONGEST_SPECIFIER);
  const isSame = file === recorded.file && JSON.stringify(clean) === JSON.stringify(of(finding));
  return isSame ? recorded : { ...recorded, file, finding: { ...finding, ...clean } };
}

function of({ target, detail, origin, first }: RecordedFinding['finding']): unknown {
  return { target, detail, origin, first };
}

function inertTargetInfo<T extends { readonly name: string; readonly specifier: string }>(target: T): T {
  return { ...target, name: inert(target.name), specifier: inert(target.specifier, LONGEST_SPECIFIER) };
}

function inertOrigin(origin: Origin): Origin {
  return origin.by === 'saved' ? { ...origin, file: inert(origin.file) } : origin;
}
