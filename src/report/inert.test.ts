import { describe, expect, it } from 'vitest';
import { noLimits, recordedOf, resultWith } from '../../properties/support/findings.ts';
import type { RecordedRun } from '../record/run.ts';
import { inertRun } from './inert.ts';

describe('inertRun', () => {
  const run = (name: string, detail: string | null): RecordedRun => {
    const target = { name, specifier: `./${name}.mjs` };
    const findings = [recordedOf({ target, detail, origin: { by: 'saved', file: `${name}.json` } })];
    const info = { ...target, profile: 'default', known: [], notes: [`${name} is called by row`] };
    const targets = [resultWith({ target: info, findings, notFound: [name] })];
    return { seed: 1, limits: noLimits, elapsedMs: 1, interrupted: false, targets };
  };

  it('should leave what is harmless as it is, and its findings the same list', () => {
    const harmless = run('mine', 'Error: no');
    expect(inertRun(harmless)).toEqual(harmless);
    expect(inertRun(harmless).targets[0].findings).toBe(harmless.targets[0].findings);
  });

  it('should leave no control character in any of its texts', () => {
    const hostile = inertRun(run('::a\u001b\nb', '\u0000'));
    const shown = (key: string, value: unknown) => (key === 'named' ? undefined : value);
    const text = JSON.stringify(hostile, shown).replaceAll('\\\\', '');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for.
    expect(text).not.toMatch(/[\u0000-\u001f]|\\u00|\\n|"::/);
    expect(hostile.targets[0].target.name).toBe('\\u{3a}:a\\u{1b} b');
    expect(hostile.targets[0].findings[0].named).toEqual({
      file: 'reports/latest/findings/7c1e0400.json',
      specifier: './::a\u001b\nb.mjs',
    });
    expect(hostile.targets[0].findings[0].finding.detail).toBe('\\u{0}');
  });
});
