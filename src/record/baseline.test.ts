import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { forgetful, runHere, temporaryFolders } from '../../properties/support/command.ts';
import { missingFromBaseline, parseBaseline } from './baseline.ts';

const makeFolder = temporaryFolders();

describe('fuzz --baseline', () => {
  it('should fail on what an earlier run did not find, of each target', async () => {
    const cwd = makeFolder();
    const run = (...args: string[]) =>
      runHere(['fuzz', './mine.mjs', '--seed', '1', '--runs', '12', '--rows', '1', '--cols', '2', ...args], {
        cwd,
      });
    writeFileSync(join(cwd, 'mine.mjs'), forgetful);
    expect((await run('--json', 'baseline.json', '--in-process')).code).toBe(1);

    const again = await run('--baseline', 'baseline.json', '--in-process');
    expect([again.code, again.stderr]).toEqual([
      0,
      'baseline.json does not tell how accurate mine was: --update-baseline writes one that does\n',
    ]);
    expect(again.stdout).toMatch(
      /mine: only known findings .*\n {2}known [0-9a-f]{8} {2}softmax\/nan\/exp-overflow /,
    );

    writeFileSync(
      join(cwd, 'mine.mjs'),
      `${forgetful}\nexport const logSumExp = () => { throw new Error('no'); };`,
    );
    const worse = await run('--baseline', 'baseline.json', '--json', 'baseline.json');
    expect(worse.code).toBe(1);
    expect(worse.stdout.match(/^ {2}FAIL {2}\w+ {2}(\S+)/gm)?.map((line) => line.split('  ').at(-1))).toEqual(
      ['logSumExp/threw'],
    );
    expect((await run('--baseline', 'baseline.json')).code).toBe(0);

    writeFileSync(join(cwd, 'other.mjs'), forgetful);
    const other = await runHere(
      [
        'fuzz',
        './other.mjs',
        '--in-process',
        '--runs',
        '12',
        '--rows',
        '1',
        '--cols',
        '2',
        '--baseline',
        'baseline.json',
      ],
      {
        cwd,
      },
    );
    expect([other.code, other.stderr]).toEqual([
      1,
      'baseline.json has nothing of other, and everything found in it is new: it is of mine\n',
    ]);
  });
});

describe('missingFromBaseline', () => {
  const target = { name: 'mine', specifier: './mine.mjs', profile: 'sequential', known: [] } as const;
  const baselineOf = (...targets: object[]) =>
    parseBaseline(JSON.stringify({ schemaVersion: 1, targets }), 'baseline.json');
  const missing = (...targets: object[]): string[] =>
    missingFromBaseline([target], baselineOf(...targets), 'baseline.json');

  it('should be nothing where the baseline tells how accurate the target was by its profile', () => {
    expect(missing({ name: 'mine', findings: [], profile: 'sequential', benchmark: [] })).toEqual([]);
  });

  it('should say what is not compared', () => {
    expect(missing({ name: 'other', findings: [] })[0]).toMatch(/has nothing of mine/);
    expect(missing({ name: 'mine', findings: [] })[0]).toMatch(/does not tell how accurate mine was/);
    expect(missing({ name: 'mine', findings: [], profile: 'strict', benchmark: [] })[0]).toMatch(
      /by the profile strict, and not by sequential: accuracy is not compared/,
    );
  });
});
