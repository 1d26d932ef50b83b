import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { describe, expect, it } from 'vitest';

/** Data flows to the right; each group imports only groups to its left, or itself. */
const layers: readonly (readonly string[])[] = [
  ['text'],
  ['float32'],
  ['formats'],
  ['core'],
  ['row'],
  ['options'],
  ['operations'],
  ['oracle', 'arbitraries', 'kernels'],
  ['judge'],
  ['targets'],
  ['laws'],
  ['search'],
  ['trace'],
  ['shrink'],
  ['hypotheses'],
  ['campaign'],
  ['record'],
  ['report'],
  ['sweep'],
  ['config'],
  ['cli', 'vitest'],
];
const browserLayers = new Set([
  'text',
  'float32',
  'formats',
  'core',
  'row',
  'options',
  'operations',
  'oracle',
  'arbitraries',
  'kernels',
  'judge',
]);

const src = import.meta.dirname;
const files = readdirSync(src, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts') && file.includes(sep))
  .map((file) => ({ file, folder: file.split(sep)[0], imports: importsOf(join(src, file)) }));

function importsOf(path: string): string[] {
  return [...readFileSync(path, 'utf8').matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)].map(
    (match) => match[1],
  );
}

function folderOf(file: string, specifier: string): string {
  return relative(src, join(src, file, '..', specifier)).split(sep)[0];
}

function rank(folder: string): number {
  return layers.findIndex((group) => group.includes(folder));
}

describe('layers', () => {
  it('should name every folder of src', () => {
    expect(files.filter(({ folder }) => rank(folder) === -1)).toEqual([]);
  });

  it('should import only layers to the left, and no sibling of the same group', () => {
    const upward = files.flatMap(({ file, folder, imports }) =>
      imports
        .filter((specifier) => specifier.startsWith('.'))
        .map((specifier) => folderOf(file, specifier))
        .filter((imported) => imported !== folder && !(rank(imported) < rank(folder)))
        .map((imported) => `${file} imports ${imported}`),
    );
    expect(upward).toEqual([]);
  });

  it('should keep the zoo to itself: no part of the package imports it', () => {
    const isZoo = (file: string): boolean => file.startsWith(join('kernels', 'zoo'));
    const visitors = files.filter(
      ({ file, imports }) => !isZoo(file) && imports.some((specifier) => isZoo(join(file, '..', specifier))),
    );
    expect(visitors).toEqual([]);
  });

  it('should need no Node built-in left of targets', () => {
    const offenders = files
      .filter(
        ({ folder, imports }) =>
          browserLayers.has(folder) && imports.some((name) => name.startsWith('node:')),
      )
      .map(({ file }) => file);
    expect(offenders).toEqual([]);
  });

  it('should load of packages only the one that parses the command line, before a command runs', () => {
    const loaded = loadedBy(join('cli', 'main.ts'));
    expect(packagesOf([...loaded])).toEqual(new Set(['commander']));
    expect(loaded.size).toBeLessThan(60);
  });
});

/** What a file imports as it is loaded, which `import(…)` and `import type` are not, of all files that it loads. */
function loadedBy(file: string, loaded = new Set<string>()): Set<string> {
  loaded.add(file);
  for (const specifier of loadedAtOnce(file)) {
    const path = join(file, '..', specifier);
    if (specifier.startsWith('.') && !loaded.has(path)) loadedBy(path, loaded);
  }
  return loaded;
}

function loadedAtOnce(file: string): string[] {
  const text = readFileSync(join(src, file), 'utf8').replace(/^import type .*?;$/gms, '');
  return [...text.matchAll(/^(?:import|(?:import|export|\}) .*?from) '([^']+)';$/gm)].map(
    (match) => match[1],
  );
}

function packagesOf(loaded: readonly string[]): Set<string> {
  const names = loaded.flatMap(loadedAtOnce);
  return new Set(names.filter((name) => !name.startsWith('.') && !name.startsWith('node:')));
}
