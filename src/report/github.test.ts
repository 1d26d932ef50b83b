import { describe, expect, it } from 'vitest';
import { noLimits, recordedOf, resultWith } from '../../properties/support/findings.ts';
import { hostileRun } from '../../properties/support/hostile.ts';
import type { RecordedFinding, RecordedRun } from '../record/run.ts';
import { toAnnotations, toJobSummary } from './github.ts';
import { inertRun } from './inert.ts';

const context = { date: new Date(0), strict: false };

function runOf(findings: readonly RecordedFinding[]): RecordedRun {
  const targets = [resultWith({ verdict: 'falsified', findings })];
  return { seed: 42, limits: noLimits, elapsedMs: 61_000, interrupted: false, targets };
}

/** Findings that no fault has in common. */
function findings(count: number): RecordedFinding[] {
  return Array.from({ length: count }, (_, k) =>
    recordedOf(
      { bucket: `softmax/nan/exp-overflow/${k.toString(36)}`, detail: 'x' },
      `0000000${k.toString(36)}`,
    ),
  );
}

/** What the runner makes of a line: its command, its properties and its message, unescaped; null where it is none. */
function commandIn(line: string) {
  const match = /^::(\w+) ([^:]*)::(.*)$/.exec(line);
  if (match === null) return null;
  const [, name, properties, message] = match;
  const unescaped = (text: string): string => decodeURIComponent(text.replace(/%(?!0D|0A|25|3A|2C)/g, '%25'));
  const pairs = properties.split(',').map((pair) => pair.split('=').map(unescaped));
  return { name, properties: Object.fromEntries(pairs), message: unescaped(message) };
}

describe('toAnnotations', () => {
  it('should have a command for each new fault, at the file of the target', () => {
    const known = recordedOf(
      { known: true, operation: 'logSumExp', bucket: 'logSumExp/nan/exp-overflow' },
      '00000002',
    );
    const [line, ...rest] = toAnnotations(runOf([recordedOf(), known]), context).split('\n');
    expect(rest).toEqual(['']);
    expect(line).toMatch(
      /^::error file=mine\.mjs,line=1,title=mine%3A softmax\/nan\/exp-overflow::softmax\(\[89\]\) answers/,
    );
    expect(commandIn(line)).toEqual({
      name: 'error',
      properties: { file: 'mine.mjs', line: '1', title: 'mine: softmax/nan/exp-overflow' },
      message: expect.stringMatching(
        /^softmax\(\[89\]\) answers \[NaN\], expected \[1\]: NaN .*\nReplay: npx softmax-fuzz replay reports\/latest\/findings\/7c1e0400\.json --target \.\/mine\.mjs$/,
      ),
    });
  });

  it('should let no text make another command, and give it back as it is', () => {
    const lines = toAnnotations(inertRun(hostileRun()), context).trimEnd().split('\n');
    expect(lines.map((line) => commandIn(line)?.name)).toEqual(['error', 'error', 'warning']);
    for (const line of lines) {
      expect(line).not.toMatch(/##\[|\p{Cc}/u);
      const { title, ...others } = commandIn(line)?.properties ?? {};
      expect(title).toMatch(/^\\u\{3a\}:error::.*%0A,: /);
      expect(others).toEqual({ file: expect.stringMatching(/\.mjs$/), line: '1' });
    }
  });

  it('should show as many as GitHub does, and count the rest', () => {
    const ten = toAnnotations(runOf(findings(10)), context)
      .trimEnd()
      .split('\n');
    expect(ten).toHaveLength(10);
    const many = toAnnotations(runOf(findings(13)), context)
      .trimEnd()
      .split('\n');
    expect(many).toHaveLength(10);
    expect(many.slice(0, 9)).toEqual(ten.slice(0, 9));
    expect(many[9]).toBe("::error title=softmax-fuzz::4 faults more: the job's summary has them");
  });

  it('should be nothing where nothing is new, and tell warnings as errors where these fail', () => {
    expect(toAnnotations(runOf([recordedOf({ known: true })]), context)).toBe('');
    const warning = runOf([recordedOf({ severity: 'warning' })]);
    expect(toAnnotations(warning, context)).toMatch(/^::warning /);
    expect(toAnnotations(warning, { ...context, strict: true })).toMatch(/^::error /);
  });
});

describe('toJobSummary', () => {
  it('should be the Markdown page, or its first findings where there is no room for all', () => {
    const run = runOf(findings(9));
    const page = toJobSummary(run);
    expect(page).toMatch(/^# softmax-fuzz\n/);
    const used = 2 ** 20 - Buffer.byteLength(page);
    expect(toJobSummary(run, used)).toBe(page);
    const short = toJobSummary(run, used + 1);
    expect(Buffer.byteLength(short)).toBeLessThan(Buffer.byteLength(page));
    expect(short).toMatch(/There was no room for more: summary\.md, beside the report, has all of it\.\n$/);
    expect(short.split('```')).toHaveLength(2 * 8 + 1);
    expect(toJobSummary(run, 2 ** 20)).toBe('');
  });
});
