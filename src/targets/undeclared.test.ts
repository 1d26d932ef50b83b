import { describe, expect, it } from 'vitest';
import type { DeclaredOptions } from '../core/target.ts';
import { describeMisnamed, describeRounded, describeUndeclared, describeUnoffered } from './undeclared.ts';

type Call = (...given: never[]) => unknown;

const undeclared = (call: Call, declared?: DeclaredOptions): string[] =>
  describeUndeclared([{ operation: 'softmax', call }], () => declared);

/** A function of this source, as a module has it. */
const written = (source: string): Call => new Function(`return ${source}`)() as Call;

describe('describeRounded', () => {
  it('should tell numbers that are fixed and no numbers of FP32', () => {
    const options = {
      softmax: { temperature: 0.7, scale: 0.125 },
      crossEntropy: { labelSmoothing: 0.1 },
      logSoftmax: ['scale'] as const,
    };
    expect(describeRounded({ options })).toEqual([
      'softmax has temperature 0.7, and is judged by 0.699999988079071, the FP32 number next to it: a kernel that computes with the double is off where scores are large; Math.fround(0.7) is that number',
    ]);
  });
});

describe('describeUndeclared', () => {
  it('should name the options that parameters are taken apart into', () => {
    const call = written('function softmax(x, rows, cols, { scale: s = 1, mask } = {}) {}');
    expect(undeclared(call)).toEqual([
      "softmax names options that are not asked of it, scale, mask; to have them asked: export const target = { options: { softmax: ['scale', 'mask'] } }",
    ]);
    expect(undeclared(call, { scale: 0.5 })).toEqual([
      "softmax names options that are not asked of it, mask; to have them asked, declare 'mask' too",
    ]);
    expect(undeclared(call, ['scale', 'mask'])).toEqual([]);
    expect(undeclared(written('(x, rows, cols, { temperature = 1, scale }) => x'), ['temperature'])).toEqual([
      "softmax names options that are not asked of it, scale; to have them asked, declare 'scale' too",
    ]);
  });

  it.each([
    ['(x, rows, cols, opts) => x / (opts?.temperature ?? 1)', 'temperature'],
    ['(x, rows, cols, opts) => { const { bias, sink = 0 } = opts; }', 'bias, sink'],
    ['(x, rows, cols, $o = {}) => $o.softcap', 'softcap'],
  ])('should name those that are read of the last argument: %s', (source, names) => {
    expect(undeclared(written(source))[0]).toContain(
      `softmax names options that are not asked of it, ${names};`,
    );
  });

  it('should name parameters that nothing is given', () => {
    expect(undeclared(written('(x, rows, cols, mask, scale = 1) => x'))[0]).toMatch(
      /^softmax is not given its parameters mask, scale: options are fields of one argument behind those of the contract, \{ scale, temperature, .*sink \}, where they are declared$/,
    );
    expect(undeclared(written('(x, rows, cols, opts) => other(x, opts)'))[0]).toMatch(
      /^softmax is not given its parameter opts:/,
    );
    expect(undeclared(written('(x, rows, cols, opts, mask) => [opts, mask]'), ['mask'])[0]).toMatch(
      /^softmax is not given its parameter mask:/,
    );
  });

  it('should name options that are asked of what takes no such option', () => {
    const asked = (source: string) => undeclared(written(source), ['temperature']);
    const told = 'softmax is asked temperature and takes no such option';
    expect(asked('(x, rows, cols) => x')).toEqual([told]);
    expect(asked('(x, rows, cols, { temp = 1 }) => x')).toEqual([`${told}: it takes temp`]);
    expect(asked('(x, rows, cols, { temperature: t }) => x')).toEqual([]);
    expect(asked('(x, rows, cols, { ...rest }) => x')).toEqual([]);
    expect(asked('(x, rows, cols, opts) => other(x, opts)')).toEqual([]);
    expect(asked('(...given) => other(given)')).toEqual([]);
    expect(asked('function (x, rows, cols) { return arguments[3]; }')).toEqual([]);
    expect(undeclared(written('(x, rows, cols) => x'), { scale: 0.125 })).toEqual([]);
  });

  it('should say that probabilities stand where the targets do', () => {
    const ofLoss = (source: string) =>
      describeUndeclared([{ operation: 'crossEntropy', call: written(source) }], () => ({
        probabilities: true,
      }));
    expect(ofLoss('(x, targets, rows, cols, { probabilities } = {}) => x')).toEqual([
      'crossEntropy is given probabilities in the place of targets, and reads them as an option, which it is not given',
    ]);
    expect(ofLoss('(x, targets, rows, cols) => x')).toEqual([]);
    expect(ofLoss('(x, targets, rows, cols, {} = {}) => x')).toEqual([]);
  });

  it('should say nothing of comments, of what the contract gives, nor of what has no source', () => {
    expect(undeclared(written('(x, rows, cols /* { mask } */) => x // { scale }'))).toEqual([]);
    expect(undeclared(written('(x, rows, cols) => x'))).toEqual([]);
    expect(undeclared(written('(x) => { const { scale } = x; }'))).toEqual([]);
    expect(undeclared(written('x => f(x, 1, 2, 3)'))).toEqual([]);
    expect(undeclared(Math.max, ['scale'])).toEqual([]);
  });
});

describe('describeUnoffered', () => {
  it('should name operations that the module does not have', () => {
    const options = { softmax: ['scale'], crossEntropy: ['reduction'] } as const;
    expect(describeUnoffered({ options }, ['softmax', 'logSumExp'])).toEqual([
      'options of crossEntropy are declared, and no function is judged by it: those are judged by softmax, logSumExp',
    ]);
    expect(describeUnoffered({ options }, ['softmax', 'crossEntropy'])).toEqual([]);
    expect(describeUnoffered({}, ['softmax'])).toEqual([]);
  });
});

describe('describeMisnamed', () => {
  it('should name exports with fields of a declaration alone, where there is none', () => {
    const options = { options: { softmax: ['scale'] } };
    expect(
      describeMisnamed({ declaration: options, softmax: () => [], constants: { a: 1 }, empty: {} }),
    ).toEqual(['declaration is not read: what is declared is the export target']);
    expect(describeMisnamed({ target: {}, declaration: options })).toEqual([]);
  });
});
