/**
 * Folders that somebody has prepared, that are full, read-only, gone or another's: nothing outside of them is written or removed, one message says what is wrong, and what was
 * found is printed.
 */
import { spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  filesIn,
  forgetful,
  runCommand,
  runHere,
  temporaryFolders,
} from '../../properties/support/command.ts';
import { compileLibrary, hasCompiler } from '../../properties/support/library.ts';

const temporaryFolder = temporaryFolders();
const main = join(import.meta.dirname, '../../dist/cli/main.js');

/** A campaign of a second, with findings. */
const campaign = 'fuzz ./kernel.mjs --rows 1 --cols 1 --runs 50 --seed 1 --quiet'.split(' ');
const found = /FAIL {2}bed95434 {2}softmax\/nan\/exp-overflow {2}softmax\(\[89\]\)/;

/** A folder with the kernel, and one outside of it with a file in each place where a campaign would write or remove one. */
function folders(): { cwd: string; outside: string; isUntouched: () => boolean } {
  const root = temporaryFolder();
  const [cwd, outside] = [join(root, 'cwd'), join(root, 'outside')];
  mkdirSync(cwd);
  writeFileSync(join(cwd, 'kernel.mjs'), forgetful);
  for (const part of [
    '',
    'findings',
    'shrunk',
    'latest/findings',
    'blocks',
    'kernel-softmax/blocks',
    'minimized',
  ]) {
    mkdirSync(join(outside, part), { recursive: true });
    for (const name of ['x.json', 'state.json', 'run.json', 'lock.json', 'x.tmp', '000.json'])
      writeFileSync(join(outside, part, name), 'precious');
  }
  const before = filesIn(outside);
  const isPrecious = (name: string): boolean =>
    !/\.\w+$/.test(name) || readFileSync(join(outside, name), 'utf8') === 'precious';
  return {
    cwd,
    outside,
    isUntouched: () =>
      JSON.stringify(filesIn(outside)) === JSON.stringify(before) && before.every(isPrecious),
  };
}

/** As nobody, who is not allowed what root is. */
function runAsNobody(args: readonly string[], cwd: string) {
  const nobody = { uid: 65534, gid: 65534 };
  return spawnSync(process.execPath, [main, ...args], {
    cwd,
    encoding: 'utf8',
    ...(process.getuid?.() === 0 && nobody),
  });
}

describe('a link in the reports folder', () => {
  it.each(['latest', 'latest/findings'])('as reports/%s should be refused', async (place) => {
    const { cwd, outside, isUntouched } = folders();
    mkdirSync(join(cwd, 'reports', place, '..'), { recursive: true });
    symlinkSync(outside, join(cwd, 'reports', place));
    for (const args of [campaign, [...campaign, '--resume'], ['report']]) {
      const { code, stderr } = await runHere(args, { cwd });
      expect([code, stderr]).toEqual([
        2,
        `softmax-fuzz: reports/${place} is a link, to ${outside}: nothing outside of reports is written or removed\nRemove the link, or choose another folder with --reports DIR.\n`,
      ]);
    }
    expect(isUntouched()).toBe(true);
  });

  it.each([['sweep', ['sweep', './kernel.mjs', '--stride', '100000007']]])(
    'as reports/%s should be refused',
    async (place, args) => {
      const { cwd, outside, isUntouched } = folders();
      mkdirSync(join(cwd, 'reports'));
      symlinkSync(outside, join(cwd, 'reports', place));
      writeFileSync(join(cwd, 'given.json'), '{"rows":1,"cols":1,"logits":["42b20000"]}');
      const { code, stderr } = await runHere(args, { cwd });
      expect([code, stderr.split(',')[0]]).toEqual([2, `softmax-fuzz: reports/${place} is a link`]);
      expect(isUntouched()).toBe(true);
    },
  );

  it.each([
    'shrunk',
    'state.json',
    'lock.json',
    'run.json',
    'index.html',
    'summary.md',
    'comparison.md',
    'findings/x.json',
    'findings/bed95434.json',
  ])('as latest/%s should be replaced or removed, whatever it leads to', async (place) => {
    for (const to of ['', '/x.json', '/nothing.json']) {
      const { cwd, outside, isUntouched } = folders();
      mkdirSync(join(cwd, 'reports/latest', place, '..'), { recursive: true });
      symlinkSync(`${outside}${to}`, join(cwd, 'reports/latest', place));
      const { code, stdout, stderr } = await runHere(campaign, { cwd });
      expect([code, stderr]).toEqual([1, '']);
      expect(stdout).toMatch(found);
      expect(isUntouched()).toBe(true);
      expect(existsSync(join(cwd, 'reports/latest/findings/x.json'))).toBe(false);
    }
  });

  it('as the reports folder itself should be followed: people keep reports on other disks', async () => {
    const { cwd } = folders();
    mkdirSync(join(cwd, '../disk'));
    symlinkSync('../disk', join(cwd, 'reports'));
    expect((await runHere(campaign, { cwd })).code).toBe(1);
    expect(readdirSync(join(cwd, '../disk'))).toEqual(['latest']);
  });
});

describe('regressions', () => {
  it.each([
    ['a folder', (path: string) => mkdirSync(path), 'it is a folder'],
    ['a pipe', (path: string) => spawnSync('mkfifo', [path]), 'it is a pipe that nobody writes to'],
    [
      'a link to nothing',
      (path: string) => symlinkSync('nothing', path),
      'ENOENT: no such file or directory',
    ],
    [
      'a link to a device',
      (path: string) => symlinkSync('/dev/zero', path),
      'it is neither a file nor a pipe',
    ],
  ])('that are %s should be refused at once', async (_, make, reason) => {
    const { cwd } = folders();
    mkdirSync(join(cwd, 'reports/regressions'), { recursive: true });
    make(join(cwd, 'reports/regressions/a\n::error::b.json'));
    const { code, stderr } = await runHere(campaign, { cwd });
    expect([code, stderr]).toEqual([
      2,
      `softmax-fuzz: cannot read reports/regressions/a ::error::b.json: ${reason}\n`,
    ]);
  });

  it('that are a link should be read, and a file in the place of their folder refused', async () => {
    const { cwd } = folders();
    await runHere(campaign, { cwd });
    mkdirSync(join(cwd, 'reports/regressions'));
    symlinkSync('../latest/findings/bed95434.json', join(cwd, 'reports/regressions/a.json'));
    expect((await runHere(campaign, { cwd })).stdout).toMatch(found);
    rmSync(join(cwd, 'reports/regressions'), { recursive: true });
    writeFileSync(join(cwd, 'reports/regressions'), '');
    expect((await runHere(campaign, { cwd })).stderr).toBe(
      'softmax-fuzz: cannot read reports/regressions: ENOTDIR: not a directory\n',
    );
  });
});

describe('a folder that takes no files', () => {
  it('should be refused before the campaign', () => {
    const { cwd } = folders();
    for (let folder = cwd; folder !== '/tmp' && folder !== '/'; folder = join(folder, '..'))
      chmodSync(folder, 0o755);
    const { status, stderr } = runAsNobody([...campaign, '--reports', '/proc/reports'], cwd);
    expect([status, stderr]).toEqual([
      2,
      'softmax-fuzz: cannot write to /proc/reports/latest/findings: ENOENT: no such file or directory\nChoose another folder with --reports DIR.\n',
    ]);
    if (process.getuid?.() !== 0) return;
    const owned = runAsNobody([...campaign, '--reports', 'reports'], cwd);
    expect([owned.status, owned.stderr.split('\n')[0]]).toEqual([
      2,
      'softmax-fuzz: cannot write to reports/latest/findings: EACCES: permission denied',
    ]);
  });

  it('because the disk is full should cost no finding', () => {
    const { cwd } = folders();
    // A limit for files of 8 blocks: as a quota does, it refuses what is larger.
    const shell = `ulimit -f 8; exec "$0" "$@"`;
    const { status, stdout, stderr } = spawnSync('sh', ['-c', shell, process.execPath, main, ...campaign], {
      cwd,
      encoding: 'utf8',
    });
    expect(stdout).toMatch(found);
    expect(stderr).toMatch(
      /^softmax-fuzz: cannot write reports\/latest\/index\.html: EFBIG: file too large\n/,
    );
    expect(status).toBe(2);
  });

  describe.runIf(hasCompiler && process.platform === 'linux')('because of a quota', () => {
    const source = readFileSync(join(import.meta.dirname, '../../properties/support/quota.c'), 'utf8');

    /** Runs a campaign in whose reports so many bytes may be written. */
    function runWithin(bytes: number, cwd: string) {
      compileLibrary(cwd, 'quota', source, ['-ldl']);
      const limits = { QUOTA_FOLDER: join(cwd, 'reports'), QUOTA_BYTES: String(bytes) };
      const env = { ...process.env, LD_PRELOAD: join(cwd, 'quota.so'), ...limits };
      return spawnSync(process.execPath, [main, ...campaign], { cwd, env, encoding: 'utf8' });
    }

    it('should be refused before the campaign where not even the lock fits, and nothing stays', () => {
      const { cwd } = folders();
      const { status, stderr } = runWithin(0, cwd);
      expect([status, stderr]).toEqual([
        2,
        'softmax-fuzz: cannot lock reports/latest/lock.json: EDQUOT: disk quota exceeded\nChoose another folder with --reports DIR.\n',
      ]);
      expect(readdirSync(join(cwd, 'reports/latest'))).toEqual(['findings']);
    });

    it.each([2000, 20_000])('of %d bytes should cost no finding', (bytes) => {
      const { cwd } = folders();
      const { status, stdout, stderr } = runWithin(bytes, cwd);
      expect(status).toBe(2);
      expect(stdout).toMatch(found);
      expect(stderr).toMatch('EDQUOT: disk quota exceeded');
      const [, elsewhere] = /^The findings and the report are in (.*)\.$/m.exec(stderr) ?? [];
      expect(readdirSync(join(elsewhere, 'findings'))).toContain('bed95434.json');
      rmSync(elsewhere, { recursive: true });
    });
  });

  it('because it has become a file should cost no finding', async () => {
    const { cwd } = folders();
    const child = spawn(process.execPath, [main, ...campaign, '--runs', '3000'], { cwd });
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', (text) => {
      stdout += text;
    });
    child.stderr.on('data', (text) => {
      stderr += text;
    });
    const ended = new Promise((resolve) => child.on('close', resolve));
    while (!existsSync(join(cwd, 'reports/latest/state.json')))
      await new Promise((next) => setTimeout(next, 10));
    rmSync(join(cwd, 'reports'), { recursive: true });
    writeFileSync(join(cwd, 'reports'), '');
    expect(await ended).toBe(2);
    expect(stdout).toMatch(found);
    expect(stderr).toMatch('reports/latest/state.json: ENOTDIR: not a directory; the campaign goes on\n');
    const [, elsewhere] = /^The findings and the report are in (.*)\.$/m.exec(stderr) ?? [];
    expect(readdirSync(join(elsewhere, 'findings'))).toContain('bed95434.json');
    const [, line] = /Replay +(npx softmax-fuzz .*)/.exec(stdout) ?? [];
    const replayed = await runHere(line.split(' ').slice(2), { cwd });
    expect([replayed.code, replayed.stderr]).toEqual([1, '']);
    rmSync(elsewhere, { recursive: true });
  });

  it('should cost no input that was minimized: not where a file or a link is in the way', async () => {
    for (const block of [
      (path: string) => writeFileSync(path, ''),
      (path: string) => symlinkSync('../..', path),
    ]) {
      const { cwd, isUntouched } = folders();
      mkdirSync(join(cwd, 'reports'));
      block(join(cwd, 'reports/minimized'));
      writeFileSync(join(cwd, 'given.json'), '{"rows":1,"cols":2,"logits":["42c80000","00000000"]}');
      const args = ['minimize', 'given.json', '--target', './kernel.mjs'];
      const { code, stdout, stderr } = await runHere(args, { cwd });
      expect(stdout).toMatch('softmax([89])');
      expect(stderr).toMatch(
        /^softmax-fuzz: (cannot write to reports\/minimized: E|reports\/minimized is a link)/,
      );
      expect(code).toBe(2);
      expect(isUntouched()).toBe(true);
      expect(existsSync(join(cwd, '../bed95434.json'))).toBe(false);
    }
  });

  it('should cost no sweep', () => {
    const { cwd } = folders();
    const args = ['sweep', './kernel.mjs', '--stride', '10000019', '--workers', '1'];
    const shell = `ulimit -f 1; exec "$0" "$@"`;
    const { status, stdout, stderr } = spawnSync('sh', ['-c', shell, process.execPath, main, ...args], {
      cwd,
      encoding: 'utf8',
    });
    expect(stdout).toMatch('FALSIFIED');
    expect(stderr).toMatch(/^cannot write reports\/sweep\/.*: EFBIG: file too large; the sweep goes on\n/);
    expect(status).toBe(2);
  });

  it('as a reader who has stopped should cost no report, nor turn a new finding into a success', () => {
    const { cwd } = folders();
    const shell = `{ "$0" "$@"; echo $? > code; } | true`;
    for (const more of [[], ['--reporter', 'junit']]) {
      spawnSync('sh', ['-c', shell, process.execPath, main, ...campaign, ...more], { cwd });
      expect(readFileSync(join(cwd, 'code'), 'utf8')).toBe('1\n');
    }
    expect(readdirSync(join(cwd, 'reports/latest'))).toContain('junit.xml');
  });

  it('as stdout should be said', () => {
    const { cwd } = folders();
    const { status, stderr } = spawnSync(
      'sh',
      ['-c', `exec "$0" "$@" > /dev/full`, process.execPath, main, ...campaign],
      {
        cwd,
        encoding: 'utf8',
      },
    );
    expect([status, stderr]).toEqual([
      2,
      'softmax-fuzz: cannot write to stdout: ENOSPC: no space left on device\n',
    ]);
    expect(readdirSync(join(cwd, 'reports/latest/findings'))).toContain('bed95434.json');
  });
});

describe('one folder', () => {
  it('should be of one campaign at a time, also where many take over what is left', async () => {
    const cwd = temporaryFolder();
    writeFileSync(
      join(cwd, 'take.mjs'),
      `import { lockFolder } from ${JSON.stringify(join(main, '../../record/lock.js'))};
process.stdin.once('data', () => { const { isOurs } = lockFolder('.'); console.log(isOurs); setTimeout(() => process.exit(), 2000); });
console.log('ready');`,
    );
    for (let round = 0; round < 4; round++) {
      writeFileSync(join(cwd, 'lock.json'), JSON.stringify({ pid: 1, host: 'elsewhere', started: null }));
      const takers = Array.from({ length: 8 }, () => spawn(process.execPath, ['take.mjs'], { cwd }));
      const next = (taker: (typeof takers)[0]): Promise<string> =>
        new Promise((resolve) => taker.stdout.once('data', (text) => resolve(String(text))));
      await Promise.all(takers.map(next));
      const answers = takers.map(next);
      for (const taker of takers) taker.stdin.end('go');
      expect((await Promise.all(answers)).filter((answer) => answer === 'true\n')).toHaveLength(1);
      for (const taker of takers) taker.kill();
    }
  });

  it('should have the files of one of two campaigns, and the next the other\u2019s', async () => {
    const { cwd } = folders();
    const outcomes = await Promise.all([runCommand(campaign, { cwd }), runCommand(campaign, { cwd })]);
    for (const { code, stdout } of outcomes) {
      expect(code).toBe(1);
      expect(stdout).toMatch(found);
    }
    expect(readdirSync(join(cwd, 'reports')).sort()).toEqual(['latest', 'latest-2']);
  });
});
