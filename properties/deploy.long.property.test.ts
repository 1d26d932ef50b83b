/**
 * The examples of deploy/ do what they say: their own commands run here as local processes, with the environment that
 * the engine would give them, and what they merge is one unsharded run, byte for byte. `npm run test:slurm` does the
 * same on a real Slurm; `npm run test:deploy` checks the files against their schemas.
 */
import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { filesIn, forgetful, temporaryFolders } from './support/command.ts';

const root = resolve(import.meta.dirname, '..');
const makeFolder = temporaryFolders();

/** What the examples run, and what is run in its place: a block of cases for each of eight shards, in no process beside theirs. */
const campaign = 'naive stable --runs 1000000';
const smallCampaign = './my-softmax.mjs --rows 1 --cols 1 --runs 8000 --in-process';

/** A script, the shell that runs it, and the environments in which it runs at the same time. */
interface Step {
  readonly shell: readonly [string, ...string[]];
  readonly script: string;
  readonly environments: readonly Record<string, string>[];
}

/** The pods of the Indexed Job, each with the variable that the Job controller adds, and those of the merge. */
function kubernetes(): Step[] {
  const job = example('kubernetes/fuzz.yaml');
  const shell = ['sh', '-c'] as const;
  const [name, value] = captures(job, /- name: (\w+)\n +value: ['"](.*)['"]/);
  const environments = Array.from({ length: Number(captures(job, /completions: (\d+)/)) }, (_, index) => {
    return { JOB_COMPLETION_INDEX: `${index}`, [name]: value };
  });
  return [
    { shell, script: scriptOf(job), environments },
    { shell, script: scriptOf(example('kubernetes/merge.yaml')), environments: [{}] },
  ];
}

/** The jobs of the matrix, with the expressions in their environment evaluated, and that of the merge. */
function githubActions(): Step[] {
  const [fuzz, merge] = example('github-actions/fuzz.yml').split('\n  merge:\n');
  const shell = ['bash', '-e', '-c'] as const;
  const shards = captures(fuzz, /shard: \[(.*)\]/)[0].split(', ');
  const [variable] = captures(fuzz, /SOFTMAX_FUZZ_SHARD: (.*)/);
  const environments = shards.map((shard) => ({
    SEED: '1',
    SOFTMAX_FUZZ_SHARD: variable
      .replace(/\$\{\{ matrix\.shard }}/, shard)
      .replace(/\$\{\{ strategy\.job-total }}/, `${shards.length}`),
  }));
  return [
    { shell, script: scriptOf(fuzz), environments },
    { shell, script: scriptOf(merge), environments: [{}] },
  ];
}

function example(file: string): string {
  return readFileSync(join(root, 'deploy', file), 'utf8');
}

/** The first block of text that is an element of a list, in YAML. */
function scriptOf(yaml: string): string {
  const [indent, block] = captures(yaml, /^ *- (?:run: )?\|\n(?=( +))((?:\1.*\n)+)/m);
  return block.replaceAll(indent, '');
}

function captures(text: string, pattern: RegExp): string[] {
  return pattern.exec(text)?.slice(1) ?? expect.fail(`the example has nothing like ${pattern}`);
}

/** Runs the step in `folder`, where `softmax-fuzz` and `npx softmax-fuzz` are found, and gives the exit codes. */
function run({ shell: [file, ...args], script, environments }: Step, folder: string): Promise<unknown[]> {
  const text = script.replace(campaign, smallCampaign).replaceAll('npx softmax-fuzz', 'softmax-fuzz');
  const PATH = `${join(folder, 'bin')}${delimiter}${process.env['PATH']}`;
  const exitCode = (variables: Record<string, string>) =>
    new Promise((resolve) => {
      const options = { cwd: folder, env: { ...variables, PATH } };
      execFile(file, [...args, text], options, (error) => resolve(error === null ? 0 : error.code));
    });
  return Promise.all(environments.map(exitCode));
}

/** A folder where `softmax-fuzz` is installed, with a kernel that fails in ways that it does not declare. */
function userFolder(): string {
  const folder = makeFolder();
  mkdirSync(join(folder, 'bin'));
  symlinkSync(join(root, 'dist/cli/main.js'), join(folder, 'bin', 'softmax-fuzz'));
  writeFileSync(join(folder, 'my-softmax.mjs'), forgetful);
  return folder;
}

/** The files of the report in `folder`, with what may differ left out: how long it took. */
function reportIn(folder: string): Record<string, string> {
  const latest = join(folder, 'reports', 'latest');
  const files = filesIn(latest).filter((file) => statSync(join(latest, file)).isFile());
  const withoutTimes = (text: string): string =>
    text
      .replace(/("elapsedMs": ?)\d+/, '$1…')
      .replace(/("elapsedMs".*"sha256": ?)"\w+"/, '$1…')
      .replace(/("date": ?)"[^"]+"/, '$1…')
      .replace(/^Seed 1, .*\.$/m, 'Seed 1, ….')
      .replace(/<time .*<\/p>/, '…');
  return Object.fromEntries(
    files.map((file) => [file, withoutTimes(readFileSync(join(latest, file), 'utf8'))]),
  );
}

describe('an example of deploy/', () => {
  let whole: Record<string, string>;

  beforeAll(async () => {
    const folder = userFolder();
    const script = `softmax-fuzz fuzz ${campaign} --seed 1 --workers 1`;
    expect(await run({ shell: ['sh', '-c'], script, environments: [{}] }, folder)).toEqual([1]);
    whole = reportIn(folder);
    expect(Object.keys(whole)).toContain('shrunk/0-softmax-nan-exp-overflow.json');
  });

  it.each([
    ['Kubernetes', kubernetes],
    ['GitHub Actions', githubActions],
  ])('should make one run of eight on %s, and fail for what is new only then', async (_engine, steps) => {
    const [fuzz, merge] = steps();
    const folder = userFolder();
    expect(await run(fuzz, folder)).toEqual(new Array(8).fill(0));
    expect(await run(merge, folder)).toEqual([1]);
    expect(reportIn(folder)).toEqual(whole);
  });
});
