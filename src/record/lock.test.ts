import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolders } from '../../properties/support/command.ts';
import { lockFolder } from './lock.ts';

const makeFolder = temporaryFolders();

describe('lockFolder', () => {
  it('should give a folder to one process at a time', () => {
    const folder = makeFolder();
    const first = lockFolder(folder);
    expect(lockFolder(folder)).toEqual({ isOurs: false, pid: process.pid });
    if (first.isOurs) first.release();
    expect(existsSync(join(folder, 'lock.json'))).toBe(false);
    expect(lockFolder(folder).isOurs).toBe(true);
  });

  it('should take over what a process left that is gone, that runs elsewhere, or that says nothing', () => {
    const folder = makeFolder();
    lockFolder(folder);
    const own = JSON.parse(readFileSync(join(folder, 'lock.json'), 'utf8'));
    expect(own).toMatchObject({ pid: process.pid, host: hostname() });
    const { pid } = spawnSync(process.execPath, ['--version']);
    for (const left of [
      { ...own, pid },
      { ...own, host: 'elsewhere' },
      { ...own, started: 'long ago' },
      'nothing',
    ]) {
      writeFileSync(join(folder, 'lock.json'), JSON.stringify(left));
      expect(lockFolder(folder).isOurs).toBe(true);
      expect(JSON.parse(readFileSync(join(folder, 'lock.json'), 'utf8'))).toEqual(own);
    }
  });

  it('should take over from what ended while it took over, and replace what cannot be read', () => {
    const folder = makeFolder();
    const path = join(folder, 'lock.json');
    const { pid } = spawnSync(process.execPath, ['--version']);
    const left = JSON.stringify({ pid, host: hostname(), started: null });
    const digest = createHash('sha256').update(left).digest('hex').slice(0, 16);
    writeFileSync(path, left);
    writeFileSync(`${path}.${digest}.tmp`, left);
    expect(lockFolder(folder).isOurs).toBe(true);
    expect(readdirSync(folder)).toEqual(['lock.json']);
    for (const make of [() => writeFileSync(path, ' '.repeat(5000)), () => symlinkSync('nowhere', path)]) {
      rmSync(path);
      make();
      expect(lockFolder(folder).isOurs).toBe(true);
      expect(readdirSync(folder)).toEqual(['lock.json']);
    }
  });

  it('should release no lock but its own', () => {
    const folder = makeFolder();
    const path = join(folder, 'lock.json');
    const lock = lockFolder(folder);
    writeFileSync(path, 'of another');
    if (lock.isOurs) lock.release();
    expect(readFileSync(path, 'utf8')).toBe('of another');
    expect(readdirSync(folder)).toEqual(['lock.json']);
    rmSync(folder, { recursive: true });
    if (lock.isOurs) lock.release();
    expect(existsSync(folder)).toBe(false);
  });

  it('should replace a link, and refuse a folder', () => {
    const folder = makeFolder();
    writeFileSync(join(folder, 'outside'), 'precious');
    symlinkSync('outside', join(folder, 'lock.json'));
    const lock = lockFolder(folder);
    if (lock.isOurs) lock.release();
    expect(readFileSync(join(folder, 'outside'), 'utf8')).toBe('precious');
    mkdirSync(join(folder, 'lock.json'));
    expect(() => lockFolder(folder)).toThrow(`cannot lock ${join(folder, 'lock.json')}: it is a folder`);
  });

  it('should leave a folder to another process that runs', () => {
    const folder = makeFolder();
    const other = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60_000)']);
    try {
      const stat = `/proc/${other.pid}/stat`;
      const started = existsSync(stat) ? readFileSync(stat, 'utf8').split(') ')[1].split(' ')[19] : null;
      const holder = JSON.stringify({ pid: other.pid, host: hostname(), started });
      writeFileSync(join(folder, 'lock.json'), holder);
      expect(lockFolder(folder)).toEqual({ isOurs: false, pid: other.pid });
      expect(readFileSync(join(folder, 'lock.json'), 'utf8')).toBe(holder);
    } finally {
      other.kill();
    }
  });
});
