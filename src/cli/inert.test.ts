import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { forgetful, runHere, temporaryFolders } from '../../properties/support/command.ts';
import { findingOf } from '../../properties/support/findings.ts';
import { toFindingFile } from '../record/finding-file.ts';

/** A name that a file may have, and a text that does something to terminals, to runners of CI and to Markdown. */
const hostile = '\n::error::a\u001b[31m\u202e##[error]<img src=x>`|';
/** Behind # a specifier names functions. */
const module = `${hostile.replace('#', '').replace('#', '')}.mjs`;
const cwd = temporaryFolders()();

beforeAll(() => {
  const target = `export const target = ${JSON.stringify({ name: hostile, known: [`${hostile}/x`] })};`;
  writeFileSync(join(cwd, module), `${forgetful}\n${target}\nexport const lse = () => 0;`);
  writeFileSync(join(cwd, `throws-${module}`), `throw new Error(${JSON.stringify(hostile)});`);
  writeFileSync(join(cwd, `${hostile}.json`), hostile);
  mkdirSync(join(cwd, 'reports/regressions'), { recursive: true });
  const finding = toFindingFile(findingOf({ target: { name: hostile, specifier: `./${module}` } }));
  writeFileSync(join(cwd, 'reports/regressions', `${hostile}.json`), JSON.stringify(finding));
});

/** Lines of text, none of which is a command to a runner. */
function expectText(text: string): void {
  expect(text.match(/[^\P{C}\n]|[\p{Zl}\p{Zp}]/gu)).toBeNull();
  expect(text).not.toMatch(/^\s*::|##\[/m);
}

describe('softmax-fuzz', () => {
  const file = `${hostile}.json`;
  const saved = `reports/regressions/${file}`;
  const commands: readonly (readonly [string, ...string[]])[] = [
    ['fuzz', `./${module}`, '--in-process', '--runs', '5', '--seed', '1'],
    ['report'],
    ['replay', saved, '--target', `./${module}`, '--in-process'],
    ['replay', saved],
    ['minimize', saved, '--target', `./${module}`, '--in-process'],
    ['targets', `./${module}`, '--in-process'],
    ['targets', `./throws-${module}`, '--in-process'],
    ['sweep', `./${module}`, '--stride', '1000000000', '--from', '0', '--to', '9', '--workers', '1'],
    ['oracle', '--input', file],
    ['oracle', '--input', `${hostile}.none`],
    ['minimize', file],
    ['fuzz', 'naive', '--baseline', file],
    ['fuzz', 'naive', '--semantics', `./${file}`],
    ['fuzz', 'naive', '--ops', hostile],
    ['fuzz', `cmd:${hostile}`],
    ['fuzz', `./${module}#${hostile}`, '--in-process'],
    [hostile],
    ['oracle', `--${hostile}`],
    ['oracle', hostile],
  ];

  it.each(commands)('%s should show names as text (%#)', async (...args) => {
    const { code, stdout, stderr } = await runHere(args, { cwd });
    expectText(stdout);
    expectText(stderr);
    expect([0, 1, 2]).toContain(code);
    expect(stdout + stderr).not.toBe('');
    for (const name of ['summary.md', 'run.json', 'index.html']) {
      const path = join(cwd, 'reports/latest', name);
      if (existsSync(path)) expectText(readFileSync(path, 'utf8'));
    }
    for (const name of readdirSync(join(cwd, 'reports')).filter((each) => each === 'minimized'))
      for (const each of readdirSync(join(cwd, 'reports', name)))
        expectText(readFileSync(join(cwd, 'reports', name, each), 'utf8'));
  });
});
