/**
 * The documentation is true: each fenced block that names a file is written to a fresh folder, each command of a
 * `console` block is run there, and must print what stands below it. Durations may differ. With UPDATE_DOCS=1, what the
 * commands print is written into the pages instead.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '..');
const pages = [
  'README.md',
  'CONTRIBUTING.md',
  'docs/learn.md',
  'docs/javascript.md',
  'docs/counterexamples.md',
  'docs/oracle.md',
  'docs/results.md',
  'docs/config.md',
  'docs/sweep.md',
  'docs/protocol.md',
  'docs/python.md',
  'docs/native.md',
  'docs/formats.md',
  'docs/options.md',
  'docs/semantics.md',
  'docs/verdicts.md',
  'docs/findings.md',
  'docs/runtimes.md',
  'docs/laws.md',
  'docs/scale.md',
  'docs/power.md',
  'docs/vitest.md',
  'docs/ci.md',
];

interface Block {
  readonly info: string;
  readonly text: string;
}

function blocksOf(page: string): Block[] {
  const markdown = readFileSync(join(root, page), 'utf8');
  return [...markdown.matchAll(/^```([^\n]*)\n(.*?)^```$/gms)].map(([, info, text]) => ({ info, text }));
}

/** A folder where `softmax-fuzz` is installed. */
function userFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'softmax-fuzz-docs-'));
  mkdirSync(join(folder, 'node_modules', '.bin'), { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{ "private": true }');
  symlinkSync(root, join(folder, 'node_modules', 'softmax-fuzz'));
  for (const peer of ['koffi', 'vitest', 'fast-check'])
    symlinkSync(join(root, 'node_modules', peer), join(folder, 'node_modules', peer));
  symlinkSync(join(root, 'dist/cli/main.js'), join(folder, 'node_modules', '.bin', 'softmax-fuzz'));
  symlinkSync(join(root, 'node_modules/vitest/vitest.mjs'), join(folder, 'node_modules', '.bin', 'vitest'));
  // What is linked lies outside of node_modules, and would be transformed.
  const config = 'export default { test: { server: { deps: { external: [/\\/dist\\//] } } } };';
  writeFileSync(join(folder, 'vitest.config.mjs'), config);
  return folder;
}

/** What a command prints on stdout and stderr, run by a shell, with the bin folder of the user's folder on its path. */
function output(command: string, cwd: string): string {
  const PATH = `${join(cwd, 'node_modules', '.bin')}:${process.env['PATH']}`;
  const { stdout, stderr } = spawnSync('sh', ['-c', command.replace(/\bnpx (?=softmax-fuzz|vitest)/g, '')], {
    cwd,
    encoding: 'utf8',
    env: {
      ...process.env,
      PATH,
      CI: 'true',
      NO_COLOR: '1',
      PYTHONPATH: join(root, 'adapters/python'),
      PYTHONDONTWRITEBYTECODE: '1',
    },
  });
  return stdout + stderr;
}

/** Writes what a command printed below it, where that is not what stands there. An empty line ends a block's first command. */
function update(page: string, command: string, shown: string, printed: string): void {
  if (masked(printed) === masked(shown)) return;
  const path = join(root, page);
  const ending = shown.endsWith('\n\n') ? '\n\n' : '\n';
  const markdown = readFileSync(path, 'utf8');
  writeFileSync(
    path,
    markdown.replace(`$ ${command}\n${shown}`, () => `$ ${command}\n${printed.trimEnd()}${ending}`),
  );
}

const masked = (text: string): string => text.replace(/\b[\d.]+ (ms|s)\b/g, 'some time').trimEnd();

/** Pages that need what is not everywhere. */
const needs: Readonly<Record<string, { readonly what: string; readonly probe: readonly string[] }>> = {
  'docs/native.md': { what: 'C compiler cc', probe: ['cc', '--version'] },
  'docs/python.md': { what: 'python3 with numpy', probe: ['python3', '-c', 'import numpy'] },
};

/** Whether the page can be run here; why not is said. */
function canRun(page: string): boolean {
  if (needs[page] === undefined) return true;
  const { what, probe } = needs[page];
  const [program, ...args] = probe;
  if (spawnSync(program, args).status === 0) return true;
  process.stderr.write(`docs: ${page} is not run, there is no ${what}\n`);
  return false;
}

describe.each(pages)('%s', (page) => {
  const blocks = blocksOf(page);

  it.runIf(canRun(page))('should print what it shows', () => {
    const folder = userFolder();
    let commands = 0;
    for (const { info, text } of blocks) {
      const [, file] = info.split(' ');
      if (file !== undefined) {
        mkdirSync(dirname(join(folder, file)), { recursive: true });
        writeFileSync(join(folder, file), text);
      }
      if (info !== 'console') continue;
      for (const [, command, shown] of text.matchAll(/^\$ ([^\n]*)\n((?:(?!\$ ).*\n)*)/gm)) {
        commands++;
        const printed = output(command, folder);
        if (process.env['UPDATE_DOCS'] === '1') update(page, command, shown, printed);
        else
          expect({ command, prints: masked(printed) }).toEqual({
            command,
            prints: masked(shown),
          });
      }
    }
    // A line that begins like a command and is not found as one would be left out.
    const lines = blocks
      .filter(({ info }) => info === 'console')
      .flatMap(({ text }) => text.match(/^\$ /gm) ?? []);
    expect(commands).toBe(lines.length);
  });
});
