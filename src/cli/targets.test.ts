import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runHere, temporaryFolders } from '../../properties/support/command.ts';

const cwd = temporaryFolders()();

describe('softmax-fuzz targets', () => {
  it('should say whether a program keeps to the protocol, and fail where it does not', async () => {
    const program = join(import.meta.dirname, '../../properties/support/program.mjs');
    const targets = ['good', 'proud'].map((mode) => `cmd:node '${program}' ${mode}`);
    const { code, stdout } = await runHere(['targets', ...targets], { cwd });
    expect(code).toBe(1);
    expect(
      stdout.replaceAll(program, 'program.mjs').replace(/(softmax|crossEntropy) .*/g, '$1 …'),
    ).toMatchInlineSnapshot(`
      "program  (cmd:node 'program.mjs' good, profile sequential)
        softmax …
        crossEntropy …
        protocol          ok
      program  (cmd:node 'program.mjs' proud, profile sequential)
        softmax …
        crossEntropy …
        protocol          2 of 6 checks failed
          FAIL  answers every operation that it offers: crossEntropy …
          FAIL  refuses an operation that it does not know, and goes on: it answered with status 0: expected 1, threw
      "
    `);
  });

  it('should say which options are judged, and try them', async () => {
    const softmax = (scaled: string) => `export function softmax(x, rows, cols, { scale = 1 } = {}) {
      return x.map((_, k) => {
        const row = x.subarray(k - (k % cols), k - (k % cols) + cols);
        const e = Array.from(row, (each) => Math.exp((each - Math.max(...row)) * ${scaled}));
        return e[k % cols] / e.reduce((a, b) => a + b);
      });
    }
    export const target = { options: { softmax: `;
    writeFileSync(join(cwd, 'scales.mjs'), `${softmax('scale')}['scale'] } };`);
    writeFileSync(join(cwd, 'forgets.mjs'), `${softmax('1')}['scale'] } };`);
    writeFileSync(join(cwd, 'fixed.mjs'), `${softmax('0.5')}{ scale: 0.5 } } };`);
    const targets = ['./scales.mjs', './forgets.mjs', './fixed.mjs'];
    const { code, stdout } = await runHere(['targets', ...targets], { cwd });
    expect([code, stdout.replace(/softmax\/inaccurate\S*/g, 'inaccurate')]).toEqual([
      0,
      `scales  (./scales.mjs, profile default)
  softmax           ok  (options: scale)
forgets  (./forgets.mjs, profile default)
  softmax           inaccurate  (options: scale)
fixed  (./fixed.mjs, profile default)
  softmax           ok  (options: scale 0.5)
`,
    ]);
  });

  it('should say which layouts are judged, and which options are named and not declared', async () => {
    const softmax =
      'export const softmax = (x, rows, cols, { scale = 1 } = {}) => x.map(() => 1 / cols / scale);';
    writeFileSync(join(cwd, 'rows.mjs'), `${softmax}\nexport const target = { layouts: ['rows', 'inner'] };`);
    const { stdout } = await runHere(['targets', './rows.mjs'], { cwd });
    expect(
      stdout.replace(/inaccurate\S*.*\(lay/, 'inaccurate  (lay'),
    ).toBe(`rows  (./rows.mjs, profile default)
  softmax names options that are not asked of it, scale; to have them asked, declare options: { softmax: ['scale'] } too
  softmax           softmax/inaccurate  (layouts: rows, inner)
`);
  });

  it('should show what each target offers, and how it does', async () => {
    const broken =
      'export const softmax = (x) => [...x];\nexport function logSumExp() { throw new Error("no GPU"); }\n';
    writeFileSync(join(cwd, 'broken.mjs'), broken);
    const { code, stdout, stderr } = await runHere(['targets', 'stable', './broken.mjs'], { cwd });
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatchInlineSnapshot(`
      "stable  (stable, profile sequential)
        softmax           ok  (options: scale, temperature, softcap, bias, mask, sink)
        logSoftmax        ok  (options: scale, temperature, softcap, bias, mask, sink)
        logSumExp         ok  (options: scale, temperature, softcap, bias, mask, weights, sink)
        crossEntropy      ok  (options: scale, temperature, softcap, bias, mask, sink, reduction, ignoreIndex, classWeights, rowWeights, labelSmoothing, zLoss, probabilities)
        crossEntropyGrad  ok  (options: scale, temperature, softcap, bias, mask, sink, reduction, ignoreIndex, classWeights, rowWeights, labelSmoothing, zLoss, probabilities, upstream)
        softmaxGrad       ok  (options: scale, temperature, softcap, bias, mask, sink)
        logSoftmaxGrad    ok  (options: scale, temperature, softcap, bias, mask, sink)
      broken  (./broken.mjs, profile default)
        softmax answers [0, 1, 2, 1.5, -0.5, 0.25] for [0, 1, 2] and [1.5, -0.5, 0.25], not [0.09, 0.24, 0.67, 0.7, 0.095, 0.2]; it is judged as softmax(logits, rows, cols), and if it takes others, name them: '#softmax(…)'
        softmax           softmax/bad-shape: returned Array(1): expected Float32Array(1)
        logSumExp         logSumExp/threw: Error: no GPU
      "
    `);
  });
});
