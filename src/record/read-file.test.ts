import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolders } from '../../properties/support/command.ts';
import { readFile } from './read-file.ts';

const folder = temporaryFolders()();
const inFolder = (name: string): string => join(folder, name);

describe('readFile', () => {
  it('should give the text of a file, of several chunks too, up to its limit', () => {
    const text = 'é漢😀'.repeat(20_000);
    writeFileSync(inFolder('text'), text);
    const { length } = Buffer.from(text);
    expect(readFile(inFolder('text'))).toBe(text);
    expect(readFile(inFolder('text'), length)).toBe(text);
    expect(() => readFile(inFolder('text'), length - 1)).toThrow(
      `cannot read ${inFolder('text')}: it has ${length} bytes, and ${length - 1} at most are read`,
    );
    writeFileSync(inFolder('empty'), '');
    expect(readFile(inFolder('empty'))).toBe('');
  });

  it('should refuse a file of 3 GB, by its size alone', () => {
    writeFileSync(inFolder('sparse'), '{');
    truncateSync(inFolder('sparse'), 3 * 2 ** 30);
    expect(() => readFile(inFolder('sparse'))).toThrow(
      'it has 3221225472 bytes, and 67108864 at most are read',
    );
  });

  it('should refuse devices and folders', () => {
    for (const device of ['/dev/zero', '/dev/null', '/dev/urandom'])
      expect(() => readFile(device)).toThrow(`cannot read ${device}: it is neither a file nor a pipe`);
    mkdirSync(inFolder('sub'));
    expect(() => readFile(inFolder('sub'))).toThrow(`cannot read ${inFolder('sub')}: it is a folder`);
    expect(() => readFile(inFolder('none'))).toThrow('ENOENT: no such file or directory');
  });

  it('should read a pipe to its end, whenever its writer comes, up to its limit', () => {
    const pipe = inFolder('pipe');
    execFileSync('mkfifo', [pipe]);
    const write = (command: string) => spawn('sh', ['-c', command], { cwd: folder, stdio: 'ignore' });
    write('sleep 0.05; (printf {; sleep 0.05; printf }) > pipe');
    expect(readFile(pipe)).toBe('{}');
    write('yes > pipe');
    expect(() => readFile(pipe, 100_000)).toThrow('it has more than 100000 bytes');
  });

  it('should not wait for ever for a pipe that nobody writes to', () => {
    const pipe = inFolder('silent');
    execFileSync('mkfifo', [pipe]);
    expect(() => readFile(pipe, 100, 20)).toThrow(
      `cannot read ${pipe}: nothing was written to it for 0.02 s`,
    );
  });
});
