import { describe, expect, it } from 'vitest';
import { existingFile, splitName } from './file.ts';

describe('existingFile', () => {
  it('should give the whole path of a file, and say so where there is none', () => {
    expect(existingFile('it', import.meta.filename)).toBe(import.meta.filename);
    const nowhere = `${import.meta.dirname}/nowhere.ts`;
    expect(() => existingFile('it', nowhere)).toThrow(`it: there is no file ${nowhere}`);
    const folder = import.meta.dirname;
    expect(() => existingFile('it', folder)).toThrow(`it: ${folder} is a folder, not a file`);
  });
});

describe('splitName', () => {
  it.each([
    ['./kernel.mjs', './kernel.mjs', null],
    ['./kernel.mjs#fast', './kernel.mjs', 'fast'],
    ['./kernel.mjs#', './kernel.mjs', ''],
    ['./c#/kernel.mjs', './c#/kernel.mjs', null],
  ])('should split %s', (specifier, path, name) => {
    expect(splitName(specifier)).toEqual({ path, name });
  });
});
