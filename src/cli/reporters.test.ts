import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { filesIn, forgetful, runHere, temporaryFolders } from '../../properties/support/command.ts';
import { parseReporter, withGithub } from './reporter-flag.ts';

const userFolder = temporaryFolders();

afterEach(() => {
  vi.unstubAllEnvs();
});

function fuzz(cwd: string, ...args: string[]) {
  writeFileSync(join(cwd, 'mine.mjs'), forgetful);
  const small = [
    '--runs',
    '30',
    '--cols',
    '3',
    '--seed',
    '1',
    '--shrink-time',
    '0s',
    '--in-process',
    '--quiet',
  ];
  return runHere(['fuzz', './mine.mjs', ...small, ...args], { cwd });
}

describe('--reporter', () => {
  it('should write each, to its file or into the folder of the run, and say so', async () => {
    const cwd = userFolder();
    const reporters = ['junit', 'sarif=a.sarif', 'markdown=a.md', 'json=a.json', 'tyche', 'github=log.txt'];
    const { code, stdout } = await fuzz(cwd, ...reporters.flatMap((each) => ['--reporter', each]));
    expect(code).toBe(1);
    expect(stdout).toMatch(/\nmine: FALSIFIED/);
    expect(stdout.trimEnd().split('\n').slice(-7)).toEqual([
      'junit: reports/latest/junit.xml',
      'sarif: a.sarif',
      'markdown: a.md',
      'json: a.json',
      'tyche: reports/latest/observations.jsonl',
      'github: log.txt',
      'report: reports/latest/index.html',
    ]);
    const text = (file: string): string => readFileSync(join(cwd, file), 'utf8');
    expect(text('a.json')).toBe(text('reports/latest/run.json'));
    expect(text('a.md')).toBe(text('reports/latest/summary.md'));
    expect(text('log.txt')).toMatch(/^::error file=mine\.mjs,line=1,title=mine%3A softmax\//);
    expect(JSON.parse(text('a.sarif')).version).toBe('2.1.0');
    expect(text('reports/latest/junit.xml')).toMatch(/<testcase classname="mine" name="softmax"><failure /);
    const observations = text('reports/latest/observations.jsonl').trimEnd().split('\n');
    const cases = observations.filter((line) => JSON.parse(line).metadata?.case !== undefined);
    expect(cases).toHaveLength(30);

    // A report of the same run, without its targets: only what was observed of single cases is not there.
    const again = await runHere(['report', '--reporter', 'tyche=b.jsonl', '--reporter', 'sarif=b.sarif'], {
      cwd,
    });
    expect(again.code).toBe(1);
    const untimed = (file: string): string => text(file).replace(/"endTimeUtc": "[^"]+"/, '');
    expect(untimed('b.sarif')).toBe(untimed('a.sarif'));
    expect(text('b.jsonl').trimEnd().split('\n')).toHaveLength(observations.length - 30);
  });

  it('should print one to stdout, and nothing else there', async () => {
    const { stdout } = await fuzz(userFolder(), '--reporter', 'junit=-');
    expect(stdout).toMatch(/^<\?xml (.|\n)*<\/testsuites>\n$/);
  });

  it.each([
    [
      ['junt'],
      "there is no reporter 'junt'; did you mean junit?\nThe reporters are: junit, sarif, github, markdown, json, tyche.\n",
    ],
    [['junit='], '--reporter junit= names no file'],
    [['junit=x', 'sarif=x'], 'two reports are to be written to x'],
    [['junit=-', 'sarif=-'], 'two reports are to be written to stdout'],
    [['junit=missing/x.xml'], 'cannot write missing/x.xml'],
  ])('should refuse %j with one message, before anything is run', async (reporters, message) => {
    const cwd = userFolder();
    const flags = reporters.flatMap((each) => ['--reporter', each]);
    const { code, stdout, stderr } = await fuzz(cwd, ...flags);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(`softmax-fuzz: ${message}`);
    expect(filesIn(cwd).filter((file) => file.includes('findings/'))).toEqual([]);
  });
});

describe('in a workflow of GitHub', () => {
  it('should annotate by itself, and add to the summary of the job', async () => {
    const cwd = userFolder();
    const summary = join(cwd, 'summary');
    writeFileSync(summary, 'before\n');
    vi.stubEnv('GITHUB_ACTIONS', 'true');
    vi.stubEnv('GITHUB_STEP_SUMMARY', summary);
    const { stdout } = await fuzz(cwd);
    expect(stdout).toMatch(/\n::error file=mine\.mjs,line=1,.*\nreport: reports\/latest\/index\.html\n$/);
    expect(readFileSync(summary, 'utf8')).toBe(
      `before\n${readFileSync(join(cwd, 'reports/latest/summary.md'), 'utf8')}`,
    );
  });

  it('should annotate on stderr, which the runner reads too, where stdout is taken', async () => {
    const cwd = userFolder();
    vi.stubEnv('GITHUB_ACTIONS', 'true');
    vi.stubEnv('GITHUB_STEP_SUMMARY', join(cwd, 'missing', 'summary'));
    const { code, stdout, stderr } = await fuzz(cwd, '--json', '-');
    expect(JSON.parse(stdout).targets).toHaveLength(1);
    expect(stderr).toMatch(/^::error /m);
    expect(stderr).toMatch(/^the job's summary was not written: ENOENT/m);
    expect(code).toBe(1);
    expect(existsSync(join(cwd, 'missing'))).toBe(false);
  });

  it('should leave a shard to the merge, and add nothing to what was asked for', () => {
    const env = { GITHUB_ACTIONS: 'true' };
    const asked = parseReporter('github=x', parseReporter('junit'));
    expect(asked).toEqual([
      { name: 'junit', file: null },
      { name: 'github', file: 'x' },
    ]);
    expect(withGithub(asked, false, env)).toEqual(asked);
    expect(withGithub([], true, env)).toEqual([]);
    expect(withGithub([], false, {})).toEqual([]);
    expect(withGithub(undefined, false, env)).toEqual([{ name: 'github', file: null }]);
  });
});
