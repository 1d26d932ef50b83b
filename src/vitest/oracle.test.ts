import { describe, expect, it } from 'vitest';
import { batchOf } from '../core/batch.ts';
import { naive } from '../kernels/naive.ts';
import { stable } from '../kernels/stable.ts';
import { matchOracle, type OracleCall } from './oracle.ts';

describe('matchOracle', () => {
  it('should find a right answer right, of every shape', () => {
    const logits = Float32Array.of(1, 2, 3, 4);
    expect(matchOracle(stable.softmax(logits, 2, 2), 'softmax', logits, { rows: 2 }).pass).toBe(true);
    expect(matchOracle([...stable.softmax(logits, 1, 4)], 'softmax', [1, 2, 3, 4]).pass).toBe(true);
    const targets = Int32Array.of(1, 0);
    const loss = stable.crossEntropy(logits, targets, 2, 2);
    expect(matchOracle(loss, 'crossEntropy', logits, { rows: 2, targets: [1, 0] }).pass).toBe(true);
    expect(matchOracle(loss, 'crossEntropy', logits, { rows: 2, targets: [1, 1] }).pass).toBe(false);
    expect(
      matchOracle(
        loss,
        'crossEntropy',
        batchOf(
          [
            [1, 2],
            [3, 4],
          ],
          [1, 0],
        ),
      ).pass,
    ).toBe(true);
    const upstream = Float32Array.of(1, -1, 2, 0.5);
    const gradient = stable.softmaxGrad(upstream, logits, 1, 4);
    expect(matchOracle(gradient, 'softmaxGrad', logits, { upstream }).pass).toBe(true);
    expect(matchOracle(gradient, 'softmaxGrad', logits).pass).toBe(false);
    const options = { scale: 0.5 };
    const scaled = stable.softmax(logits, 1, 4, options);
    expect(matchOracle(scaled, 'softmax', logits, { options }).pass).toBe(true);
    expect(matchOracle(scaled, 'softmax', logits).pass).toBe(false);
  });

  it('should say what is wrong as the terminal does', () => {
    const answer = naive.softmax(Float32Array.of(89, 2), 1, 2);
    expect(matchOracle(answer, 'softmax', [89, 2]).message()).toBe(`softmax([89, 2])
Expected  [1, 1.6458115e-38]  3f800000 00b33687
Got       [NaN, 0]  7fc00000 00000000
FAIL      softmax/nan/exp-overflow: output[0]: not comparable
FAIL      softmax/zeroed/exp-overflow: output[1]: off by 1.6e-38 (relative 1, 1.2e+7 ULP), 81300 times the budget`);
  });

  it('should let a warning pass unless it is strict, and be stricter by another profile', () => {
    const off = [0.5 * (1 + 2 ** -21), 0.5];
    const warning = matchOracle(off, 'softmax', [0, 0], { strict: true });
    expect(warning.message()).toMatch(/WARN {6}softmax\/inaccurate\/ordinary\/warning/);
    expect(warning.pass).toBe(false);
    expect(matchOracle(off, 'softmax', [0, 0]).pass).toBe(true);
    const libm = [0.5 * (1 + 2 ** -22), 0.5];
    expect(matchOracle(libm, 'softmax', [0, 0], { strict: true, profile: 'wgsl' }).pass).toBe(true);
    expect(matchOracle(libm, 'softmax', [0, 0], { strict: true, profile: 'strict' }).pass).toBe(false);
  });

  it('should find an answer of another length wrong', () => {
    expect(matchOracle([1], 'softmax', [0, 0]).message()).toBe('softmax([0, 0]) has 2 numbers, got 1');
  });

  it.each([
    ['softmx', [0], {}, "there is no operation 'softmx'; did you mean softmax?"],
    [
      'softmax',
      [0],
      { profil: 'libm' },
      "there is no option of toMatchOracle 'profil'; did you mean profile?",
    ],
    ['softmax', [0], { profile: 'lib' }, "there is no profile 'lib'; did you mean libm?"],
    ['softmax', [0, 1, 2], { rows: 2 }, 'cols is 1.5'],
    ['softmax', batchOf([[0]]), { rows: 1 }, 'rows is given beside a batch'],
    ['crossEntropy', [0], { targets: [1] }, 'the target of row 0 is 1'],
  ])('should refuse %s of %j with %j', (operation, logits, call, message) => {
    expect(() => matchOracle([1], operation, logits, call as OracleCall)).toThrow(message);
  });

  it('should refuse what is no answer', () => {
    expect(() => matchOracle(Promise.resolve([1]), 'softmax', [0])).toThrow('of a promise, await it');
  });
});
