import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findingOf } from '../../properties/support/findings.ts';
import { toFindingFile } from './finding-file.ts';
import {
  listJson,
  prepareFile,
  prepareFolder,
  readFinding,
  removeFile,
  removeFolder,
  writeFile,
  writeFinding,
  writeTo,
} from './store.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'softmax-fuzz-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const inFolder = (name: string) => join(folder, name);

describe('writeFile', () => {
  it('should replace what is there, and leave nothing else', () => {
    writeFile(inFolder('a.json'), 'old');
    writeFile(inFolder('a.json'), 'new');
    expect(readFileSync(inFolder('a.json'), 'utf8')).toBe('new');
    expect(readdirSync(folder)).toEqual(['a.json']);
  });

  it('should leave nothing where it cannot write', () => {
    mkdirSync(inFolder('taken'));
    expect(() => writeFile(inFolder('taken'), 'x')).toThrow(`cannot write ${inFolder('taken')}: EISDIR`);
    expect(() => writeFile(inFolder('missing/a.json'), 'x')).toThrow(/ENOENT: no such file or directory$/);
    expect(readdirSync(folder)).toEqual(['taken']);
  });

  it('should replace a link, and leave what it leads to', () => {
    writeFileSync(inFolder('outside'), 'precious');
    for (const name of ['a.json', `b.json.${process.pid}.tmp`]) symlinkSync('outside', inFolder(name));
    for (const name of ['a.json', 'b.json']) writeFile(inFolder(name), 'new');
    expect(readFileSync(inFolder('outside'), 'utf8')).toBe('precious');
    expect(lstatSync(inFolder('a.json')).isSymbolicLink()).toBe(false);
    expect(readdirSync(folder)).toEqual(['a.json', 'b.json', 'outside']);
  });
});

describe('writeTo', () => {
  it('should not take the place of a device', () => {
    // By a link, so that a failure costs the link and not the machine's /dev/null.
    symlinkSync('/dev/null', inFolder('null'));
    writeTo(inFolder('null'), 'x');
    expect(lstatSync(inFolder('null')).isSymbolicLink()).toBe(true);
    expect(readdirSync(folder)).toEqual(['null']);
  });

  it.runIf(existsSync('/dev/full'))('should say that a device is full', () => {
    symlinkSync('/dev/full', inFolder('full'));
    expect(() => writeTo(inFolder('full'), 'x')).toThrow(`cannot write ${inFolder('full')}: ENOSPC`);
  });
});

describe('prepareFile', () => {
  it('should change nothing', () => {
    writeFileSync(inFolder('a.json'), 'old');
    prepareFile(inFolder('a.json'));
    prepareFile(inFolder('b.json'));
    expect(readdirSync(folder)).toEqual(['a.json']);
    expect(readFileSync(inFolder('a.json'), 'utf8')).toBe('old');
  });

  it('should refuse what writeFile would', () => {
    writeFileSync(inFolder('a.json'), 'old');
    expect(() => prepareFile(folder)).toThrow(`cannot write ${folder}: it is a folder`);
    expect(() => prepareFile(inFolder('missing/a.json'))).toThrow('ENOENT: no such file or directory');
    expect(() => prepareFile(inFolder('a.json/b.json'))).toThrow('ENOTDIR: not a directory');
  });
});

describe('prepareFolder', () => {
  it('should make the folder and leave it empty', () => {
    prepareFolder(inFolder('a/b'));
    expect(readdirSync(inFolder('a/b'))).toEqual([]);
  });

  it('should follow a link to the folder, and refuse one in it', () => {
    mkdirSync(inFolder('disk'));
    mkdirSync(inFolder('outside'));
    symlinkSync('disk', inFolder('reports'));
    expect(prepareFolder(inFolder('reports'), 'latest')).toBe(inFolder('reports/latest'));
    expect(readdirSync(inFolder('disk'))).toEqual(['latest']);
    symlinkSync('../../outside', inFolder('disk/latest/findings'));
    for (const parts of [['findings'], ['findings', 'deep']])
      expect(() => prepareFolder(inFolder('reports'), 'latest', ...parts)).toThrow(
        `${inFolder('reports/latest/findings')} is a link, to ../../outside: nothing outside of ${inFolder('reports')} is written or removed`,
      );
    symlinkSync('nowhere', inFolder('disk/sweep'));
    expect(() => prepareFolder(inFolder('reports'), 'sweep')).toThrow('sweep is a link, to nowhere');
    expect(readdirSync(inFolder('outside'))).toEqual([]);
  });

  it('should refuse a path below a file', () => {
    writeFileSync(inFolder('file'), '');
    const path = inFolder('file/reports');
    expect(() => prepareFolder(path)).toThrow(`cannot write to ${path}: ENOTDIR: not a directory`);
    expect(() => prepareFolder(inFolder('file'))).toThrow('EEXIST');
  });
});

describe('removeFolder', () => {
  it('should remove all of it, and nothing by a link', () => {
    mkdirSync(inFolder('reports/blocks/deep'), { recursive: true });
    removeFolder(inFolder('reports'), 'blocks');
    removeFolder(inFolder('reports'), 'blocks');
    expect(readdirSync(inFolder('reports'))).toEqual([]);
    mkdirSync(inFolder('outside/blocks'), { recursive: true });
    symlinkSync('../outside', inFolder('reports/sweep'));
    for (const parts of [['sweep'], ['sweep', 'blocks']])
      expect(() => removeFolder(inFolder('reports'), ...parts)).toThrow('sweep is a link, to ../outside');
    expect(readdirSync(inFolder('outside'))).toEqual(['blocks']);
  });
});

describe('removeFile', () => {
  it('should remove files and links, and no folders', () => {
    mkdirSync(inFolder('a.json'));
    symlinkSync('a.json', inFolder('b.json'));
    writeFileSync(inFolder('c.json'), '');
    for (const name of ['a.json', 'b.json', 'c.json', 'd.json']) removeFile(inFolder(name));
    expect(readdirSync(folder)).toEqual(['a.json']);
  });
});

describe('writeFinding and readFinding', () => {
  it('should name the file by its id and read it back', () => {
    const file = toFindingFile(findingOf());
    const path = writeFinding(folder, file);
    expect(path).toBe(inFolder(`${file.id}.json`));
    expect(readFinding(path)).toEqual(file);
    expect(readFileSync(path, 'utf8')).toMatch(/}\n$/);
  });

  it('should say why a file cannot be read', () => {
    const path = inFolder('a.json');
    expect(() => readFinding(path)).toThrow(`cannot read ${path}: ENOENT: no such file or directory`);
    expect(() => readFinding(folder)).toThrow(`cannot read ${folder}: it is a folder`);
  });
});

describe('listJson', () => {
  it('should list JSON files by name, and nothing of no folder', () => {
    for (const name of ['b.json', 'a.json', 'c.json.1.tmp', 'README.md']) writeFileSync(inFolder(name), '');
    expect(listJson(folder)).toEqual([inFolder('a.json'), inFolder('b.json')]);
    expect(existsSync(inFolder('none'))).toBe(false);
    expect(listJson(inFolder('none'))).toEqual([]);
    expect(() => listJson(inFolder('a.json'))).toThrow(`cannot read ${inFolder('a.json')}: ENOTDIR`);
  });
});
