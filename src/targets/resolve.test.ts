import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runHere } from '../../properties/support/command.ts';
import { batchOf } from '../core/batch.ts';
import { callKernel, operationsOf } from '../core/kernel.ts';
import { placements } from '../core/placement.ts';
import { withOptions } from '../options/index.ts';
import { takenBy } from '../options/taken.ts';
import { UserError } from '../text/errors.ts';
import { observe, observeInViews } from './observe.ts';
import { resolveTarget } from './resolve.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'softmax-fuzz-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** The target, loaded into this process. */
const load = (specifier: string) => resolveTarget(specifier, { inProcess: true });

let files = 0;

/** The specifier of a module with this source; each is a file of its own, because modules are cached. */
function moduleOf(source: string, name = `kernel-${++files}.mjs`): string {
  const path = join(folder, name);
  writeFileSync(path, source);
  return path;
}

/** The message and hint of what resolving ends with, the folder left out. */
async function failureOf(specifier: string): Promise<string> {
  const error = await load(specifier).catch((reason) => reason);
  expect(error).toBeInstanceOf(UserError);
  return [error.message, error.hint].join('\n').replaceAll(`${folder}/`, './');
}

const answer = 'logits => logits.slice()';

describe('resolveTarget', () => {
  it('should know the built-in kernels', async () => {
    expect(await resolveTarget('stable')).toMatchObject({ name: 'stable', specifier: 'stable' });
  });

  it('should load the operations of a module, and name it by its file', async () => {
    const specifier = moduleOf(
      `export const softmax = ${answer}, logSumExp = ${answer}, helper = 1;`,
      'mine.v2.mjs',
    );
    const target = await load(specifier);
    expect(target).toMatchObject({ name: 'mine.v2', specifier, profile: 'default', known: [] });
    expect(operationsOf(target.kernel)).toEqual(['softmax', 'logSumExp']);
  });

  it('should be judged by what it declares its loss to mean, in a process of its own too', async () => {
    const source = (semantics: string) => `export const target = {
      options: { crossEntropy: ['ignoreIndex'] }, semantics: ${semantics} };
    export function crossEntropy(x, targets, rows, cols, { ignoreIndex } = {}) {
      let sum = 0;
      for (let r = 0; r < rows; r++) {
        if (targets[r] === ignoreIndex) continue;
        const row = [...x.subarray(r * cols, (r + 1) * cols)];
        const max = Math.max(...row);
        sum += Math.log(row.reduce((a, b) => a + Math.exp(b - max), 0)) + (max - row[targets[r]]);
      }
      return sum / rows;
    }`;
    const bucketsOf = async (semantics: string, ...how: readonly string[]) => {
      const args = ['--seed', '1', '--runs', '60', '--rows', '2', '--cols', '2', '--quiet', '--json', '-'];
      const fuzz = ['fuzz', moduleOf(source(semantics)), ...args, ...how];
      const { findings } = JSON.parse((await runHere(fuzz, { cwd: folder })).stdout).targets[0];
      return findings.map(({ bucket }: { bucket: string }) => bucket);
    };
    const bucket = 'crossEntropy/inaccurate/ordinary';
    expect(await bucketsOf("{ divisor: 'rows' }")).not.toContain(bucket);
    expect(await bucketsOf("{ divisor: 'rows' }", '--in-process')).not.toContain(bucket);
    expect(await bucketsOf('{}', '--in-process')).toContain(bucket);
  });

  it('should give what is fixed, and options by their names, in views too', async () => {
    const declared = `export const target = { cols: 2, options: {
      softmax: { bias: [0, -Infinity], temperature: true }, logSoftmax: ['scale'] } };`;
    const told = 'temperature = 1, scale = 1, bias = [0, 0]';
    const functions = `const answer = (x, r, c, { ${told} } = {}) => x.map((each, i) => each * scale / temperature + bias[i]);
      export const softmax = answer, log_softmax = answer;`;
    const target = await load(moduleOf(`${declared}${functions}`));
    expect(takenBy(target, 'softmax')).toEqual({
      names: ['temperature'],
      fixed: { bias: Float32Array.of(0, -Infinity) },
    });
    const bias = Float32Array.of(0, -Infinity);
    for (const see of [
      observe,
      (...args: Parameters<typeof observe>) => observeInViews(...args, placements[0]),
    ]) {
      const softmax = withOptions(batchOf([[8, 2]]), { temperature: 4, bias });
      expect(await see(target, 'softmax', softmax)).toMatchObject({ output: Float32Array.of(2, -Infinity) });
      const logSoftmax = withOptions(batchOf([[8, 2]]), { scale: 3 });
      expect(await see(target, 'logSoftmax', logSoftmax)).toMatchObject({ output: Float32Array.of(24, 6) });
    }
  });

  it('should believe what a module declares', async () => {
    const declaration = `export const target = { name: 'fast', profile: 'sequential', known: ['softmax/nan/*'] };`;
    expect(await load(moduleOf(`export const softmax = ${answer}; ${declaration}`))).toMatchObject({
      name: 'fast',
      profile: 'sequential',
      known: [{ bucket: 'softmax/nan/*', weight: Number.POSITIVE_INFINITY, margin: 1 }],
    });
  });

  it.each([
    [`export function rowSoftmax(x) { return x; }`, 'rowSoftmax', ['softmax']],
    [`export function logSumExp(x) { return x; }`, 'logSumExp', ['logSumExp']],
    [`export default function (x) { return x; }`, 'default', ['softmax']],
    [
      `export const mine = { softmax: ${answer}, crossEntropy: ${answer} };`,
      'mine',
      ['softmax', 'crossEntropy'],
    ],
    [`class K { softmax(x) { return x; } } export const mine = new K();`, 'mine', ['softmax']],
  ])('should take one export of %s', async (source, name, operations) => {
    const target = await load(`${moduleOf(source, `one-${name}-${++files}.mjs`)}#${name}`);
    expect(target.name).toBe(`one-${name}-${files}#${name}`);
    expect(operationsOf(target.kernel)).toEqual(operations);
    expect(
      callKernel(target.kernel, target.kernel.softmax ? 'softmax' : 'logSumExp', batchOf([[5]])),
    ).toEqual(Float32Array.of(5));
  });

  it('should call an export by its signature, and guess that of a plain function of one row', async () => {
    const source = `export const mine = (logits) => {
      const weights = [...logits].map(Math.exp), sum = weights.reduce((a, b) => a + b);
      return weights.map((weight) => weight / sum);
    };
    export const fill = (out, x) => void out.set(x);`;
    const path = moduleOf(source, 'shapes.mjs');
    const batch = batchOf([[5], [5]]);
    const guessed = await load(`${path}#mine`);
    expect(guessed.name).toBe('shapes#mine(row)');
    expect(callKernel(guessed.kernel, 'softmax', batch)).toEqual(Float32Array.of(1, 1));
    const told = await load(`${path}#fill(out, row)`);
    expect(told.name).toBe('shapes#fill(out, row)');
    expect(callKernel(told.kernel, 'softmax', batch)).toEqual(Float32Array.of(5, 5));
    expect(await failureOf(`${path}#fill(out)`)).toMatch('takes no logits');
  });

  it('should find packages, and say where there is none', async () => {
    expect(await failureOf('npm:decimal.js')).toMatch(
      'target npm:decimal.js has nothing to judge: the module exports',
    );
    expect(await failureOf('npm:no-such-package#softmax')).toMatch(
      'target npm:no-such-package#softmax: there is no package no-such-package here',
    );
  });

  it('should name the nearest built-in kernel', async () => {
    expect(await failureOf('stabel')).toBe(
      "there is no kernel 'stabel'; did you mean stable?\nThe kernels are: naive, stable, naive@fp16, stable@fp16, naive@bf16, stable@bf16.",
    );
  });

  it('should say so where there is no file', async () => {
    expect(await failureOf(`${folder}/nowhere.mjs`)).toMatch(
      'target ./nowhere.mjs: there is no file ./nowhere.mjs',
    );
    expect(await failureOf(`${folder}/.`)).toMatch(/target \.\/\.: .* is a folder, not a file/);
    expect(await failureOf(`${moduleOf('')}/kernel.mjs`)).toMatch('there is no file');
  });

  it('should refuse kinds of targets that it does not know', async () => {
    expect(await failureOf('gpu:./kernel.cu')).toMatch(
      'target gpu:./kernel.cu: targets of this kind are not',
    );
  });

  it.each([
    ['a missing import', `import './missing.mjs';`, 'Cannot find module'],
    ['an error of its own', `throw new RangeError('no GPU');`, 'does not load: RangeError: no GPU'],
    ['something that is no error', `throw Symbol('x');`, 'does not load: Symbol(x)'],
  ])('should say why a module does not load: %s', async (_what, source, message) => {
    expect(await failureOf(moduleOf(source))).toMatch(message);
  });

  it('should say what a module exports when nothing can be judged', async () => {
    const expected =
      'Export at least one of softmax, logSoftmax, logSumExp, crossEntropy, crossEntropyGrad, softmaxGrad, logSoftmaxGrad, or name';
    expect(await failureOf(moduleOf('', 'empty.mjs'))).toMatch(
      `target ./empty.mjs has nothing to judge: the module exports nothing\n${expected}`,
    );
    const misspelt = moduleOf('export const softMax = 1;', 'misspelt.mjs');
    expect(await failureOf(misspelt)).toMatch('has nothing to judge: the module exports softMax');
    expect(await failureOf(`${misspelt}#softmax`)).toMatch(
      "has no function 'softmax': the module exports softMax",
    );
    expect(await failureOf(`${misspelt}#`)).toMatch("has no function ''");
    expect(await failureOf(moduleOf('export const softmax = 1;', 'constant.mjs'))).toMatch(
      'has nothing to judge: the module exports softmax, which is no function\n',
    );
    const object = moduleOf('export const kernel = { softMax() {} };', 'object.mjs');
    expect(await failureOf(`${object}#kernel`)).toMatch('has nothing to judge: kernel exports softMax');
  });

  it.each([
    ['5', 'its export target is wrong: expected an object, got 5'],
    ['[]', "its export target is a list: expected an object, like { name: 'mine' }"],
    ['{ name: 5 }', 'its export target.name is wrong: expected a string, got 5'],
    ["{ name: '' }", 'its export target.name is wrong'],
    [
      "{ layouts: 'inner' }",
      "its export target.layouts is wrong: expected a list of layouts, like ['inner']: the layouts are rows, inner, rowStride",
    ],
    ["{ known: ['a', 1] }", 'its export target.known.1 is wrong'],
    ["{ nmae: 'x' }", "there is no declaration field 'nmae'; did you mean name?"],
    ["{ profile: 'sequentail' }", "there is no profile 'sequentail'; did you mean sequential?"],
  ])('should refuse the declaration %s', async (declaration, message) => {
    const specifier = moduleOf(`export const softmax = ${answer}; export const target = ${declaration};`);
    expect(await failureOf(specifier)).toMatch(`target ${specifier.replace(`${folder}/`, './')}: ${message}`);
  });
});
