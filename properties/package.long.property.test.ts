/** The package as `npm pack` packs it runs nothing where it is installed, tells nothing of the machine that it was built on, and works as it is. */
import { execFileSync, spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { homedir, hostname, tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolders } from './support/command.ts';

const root = resolve(import.meta.dirname, '..');
const folder = temporaryFolders()();
const copy = join(folder, 'checkout');

/** Of a copy: packing builds anew, and other tests run what has been built. */
function pack(): string {
  const listed = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '-z'], {
    cwd: root,
    encoding: 'utf8',
  });
  for (const file of listed.split('\0').filter((each) => each !== '' && existsSync(join(root, each)))) {
    mkdirSync(dirname(join(copy, file)), { recursive: true });
    cpSync(join(root, file), join(copy, file));
  }
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
  execFileSync('npm', ['pack', '--pack-destination', folder], { cwd: copy, stdio: 'ignore' });
  const [tarball] = readdirSync(folder).filter((name) => name.endsWith('.tgz'));
  execFileSync('tar', ['xzf', tarball], { cwd: folder });
  return join(folder, 'package');
}

describe('the packed package', () => {
  const installed = pack();
  const files = readdirSync(installed, { recursive: true, encoding: 'utf8' }).filter((file) =>
    statSync(join(installed, file)).isFile(),
  );

  it('should have no script, and leave those of the checkout', () => {
    const manifest = (of: string) => JSON.parse(readFileSync(join(of, 'package.json'), 'utf8'));
    const { scripts, ...rest } = manifest(root);
    expect(Object.keys(scripts)).toContain('prepare');
    expect(manifest(installed)).toEqual(rest);
    expect(manifest(copy)).toEqual(manifest(root));
    expect(existsSync(join(copy, '.package.json.kept'))).toBe(false);
  });

  it('should have no path and no name of the machine that it was built on', () => {
    const told = [root, folder, copy, join(homedir(), '/'), join(tmpdir(), '/softmax-fuzz-'), hostname()];
    const names = told.filter((name) => name.length > 3);
    expect(files.length).toBeGreaterThan(1000);
    const telling = files.flatMap((file) => {
      const text = readFileSync(join(installed, file), 'latin1');
      const found = names.filter((name) => text.includes(name));
      return [...found, ...(text.match(/(?:\/home\/|\/Users\/|[A-Z]:\\\\?Users\\)\w+/g) ?? [])].map(
        (name) => `${file}: ${name}`,
      );
    });
    expect(telling).toEqual([]);
  });

  it('should work as it was unpacked, with no script run', () => {
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
    const args = [
      join(installed, 'dist/cli/main.js'),
      'fuzz',
      'naive',
      '--runs',
      '5',
      '--seed',
      '1',
      '--ops',
      'softmax',
    ];
    const text = execFileSync(process.execPath, args, { cwd: folder, encoding: 'utf8' });
    expect(text).toContain('naive: only known findings');
    const loaded = 'import("softmax-fuzz").then((all) => console.log(typeof all.createOracle))';
    const linked = join(folder, 'user/node_modules');
    mkdirSync(linked, { recursive: true });
    writeFileSync(join(folder, 'user/package.json'), '{}');
    symlinkSync(installed, join(linked, 'softmax-fuzz'));
    expect(
      execFileSync(process.execPath, ['-e', loaded], { cwd: join(folder, 'user'), encoding: 'utf8' }),
    ).toBe('function\n');
  });
});

describe('npm run audit:signatures', () => {
  /** What the script says where `npm audit signatures` ends like this. */
  const audited = (status: number, stderr: string, ...args: string[]) => {
    const bin = mkdtempSync(join(folder, 'bin-'));
    writeFileSync(join(bin, 'npm'), `#!/bin/sh\necho '${stderr}' >&2\nexit ${status}\n`, { mode: 0o755 });
    const env = { ...process.env, PATH: `${bin}:${process.env['PATH']}` };
    const script = join(root, 'scripts/audit-signatures.mjs');
    const outcome = spawnSync(process.execPath, [script, ...args], { env, encoding: 'utf8' });
    return [outcome.status, outcome.stdout, outcome.stderr];
  };

  it('should fail for what is not signed, and say where nothing could be checked', () => {
    const forged = '2 packages have invalid registry signatures';
    expect(audited(0, '')).toEqual([0, 'signatures: checked\n', '']);
    expect(audited(1, forged)).toEqual([1, '', `${forged}\n`]);
    const noNetwork = 'npm error code ENOTFOUND';
    expect(audited(1, noNetwork)).toEqual([0, `signatures: NOT CHECKED, ${noNetwork}\n`, '']);
    expect(audited(1, noNetwork, '--require')).toEqual([1, '', `${noNetwork}\n`]);
    expect(audited(1, 'npm error code EINTEGRITY')[0]).toBe(1);
  });
});
