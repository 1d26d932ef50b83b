import { cpSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolders } from '../../properties/support/command.ts';
import type { Kernel } from '../core/kernel.ts';
import { naive } from '../kernels/naive.ts';
import { stable } from '../kernels/stable.ts';
import { type KernelTests, kernelTests } from './kernel-tests.ts';
import type { KernelTestOptions } from './options.ts';

const userFolder = temporaryFolders();
const small: KernelTestOptions = { runs: 40, generation: { maxRows: 3, maxCols: 8 }, profile: 'sequential' };

/** What each test says: null where it passes. */
async function outcomes({ tests }: KernelTests): Promise<Record<string, string | null>> {
  const told: Record<string, string | null> = {};
  for (const { title, run } of tests)
    told[title] = await run().then(
      () => null,
      (error) => error.message,
    );
  return told;
}

describe('kernelTests', () => {
  it('should have a test of each operation and of each law, which a right kernel passes', async () => {
    const { softmax, logSumExp } = stable;
    const tests = kernelTests('right', { logSumExp, softmax }, { ...small, reports: userFolder() });
    expect(await outcomes(tests)).toEqual({
      'softmax answers right': null,
      'softmax keeps the law repeatable': null,
      'softmax keeps the law fresh-answer': null,
      'softmax keeps the law view': null,
      'softmax keeps the law nan-isolation': null,
      'softmax keeps the law order': null,
      'logSumExp answers right': null,
      'logSumExp keeps the law repeatable': null,
      'logSumExp keeps the law fresh-answer': null,
      'logSumExp keeps the law view': null,
      'logSumExp keeps the law nan-isolation': null,
      'logSumExp keeps the law order': null,
    });
  });

  it('should tell a fault as the terminal does, try it first once it is kept, and pass once it is known', async () => {
    const reports = userFolder();
    const kernel = { softmax: naive.softmax };
    const options = { ...small, views: false, repeatable: false, nonFinite: false, reports };
    const first = await outcomes(kernelTests('my (naive)', kernel, options));
    const [, file] = /copy (\S+\.json) to/.exec(first['softmax answers right'] ?? '') ?? [];
    expect(first).toEqual({
      'softmax answers right': expect.stringMatching(
        /^FAIL {2}my \(naive\): softmax\/nan\/exp-overflow .*\n {2}What .*\n {2}Cause .*\n {2}Because .*\n {2}Simplest {4}softmax\(\[89\]\)\n.*\n {2}Expected {4}\[1\] .*\n {2}Got {9}\[NaN\] /,
      ),
      'softmax keeps the law fresh-answer': null,
      'softmax keeps the law order': null,
    });
    expect(first['softmax answers right']).toContain(
      "Replay      npx vitest run -t '^my \\(naive\\) softmax '\n",
    );

    mkdirSync(join(reports, 'regressions'));
    cpSync(file, join(reports, 'regressions', 'kept.json'));
    const kept = kernelTests('my (naive)', kernel, options).tests[0];
    expect(kept.title).toMatch(/^saved [0-9a-f]{8}: softmax\(\[89\]\)$/);
    await expect(kept.run()).rejects.toThrow(
      'softmax([89])\n\nExpected  [1]  3f800000\nGot       [NaN]  7fc00000',
    );
    expect(kernelTests('another', kernel, options).tests[0].title).toBe('softmax answers right');

    const known = await outcomes(kernelTests('my (naive)', kernel, { ...options, known: ['softmax/*'] }));
    expect(Object.values(known)).toEqual([null, null, null, null]);
    expect(readdirSync(join(reports, 'vitest', 'my-naive-'))).toEqual([]);
  });

  it('should give the line of the command where the kernel has a specifier', async () => {
    const options = { ...small, specifier: './mine.mjs', reports: userFolder() };
    const { tests } = kernelTests('mine', { softmax: naive.softmax }, options);
    await expect(tests[0].run()).rejects.toThrow(
      /Replay {6}npx softmax-fuzz replay \S+\.json --target \.\/mine\.mjs\n/,
    );
  });

  it('should blame the law that is broken, and no other', async () => {
    let calls = 0;
    const kernel: Kernel = {
      softmax: (logits, rows, cols) => {
        const right = stable.softmax(logits, rows, cols);
        // As right as before, and with other bits.
        if (calls++ % 2 === 1) right[0] *= 1 + 2 ** -23;
        return right;
      },
    };
    const told = await outcomes(kernelTests('unsteady', kernel, { ...small, reports: userFolder() }));
    expect(told['softmax answers right']).toBe(null);
    expect(told['softmax keeps the law repeatable']).toMatch(/^FAIL {2}unsteady: softmax\/nondeterministic/);
    expect(told['softmax keeps the law view']).toBe(null);
  });

  it('should fail for warnings where it is strict alone', async () => {
    const options = { ...small, profile: 'strict', nonFinite: false };
    const softmax: Kernel['softmax'] = (...call) => stable.softmax(...call).map((p) => p * (1 + 2 ** -21));
    const run = async (strict: boolean) => {
      const { tests } = kernelTests('off', { softmax }, { ...options, strict, reports: userFolder() });
      return tests[0].run();
    };
    await expect(run(false)).resolves.toBeUndefined();
    await expect(run(true)).rejects.toThrow('WARN  off: softmax/inaccurate');
  });

  it('should end with the signal, and not pass then', async () => {
    const { tests } = kernelTests('right', stable, {
      runs: 1e6,
      operations: ['softmax'],
      reports: userFolder(),
    });
    await expect(tests[0].run(AbortSignal.abort())).rejects.toThrow('it was interrupted after 1 batches');
  });

  it('should write nothing where nothing fails', async () => {
    const reports = join(userFolder(), 'reports');
    await kernelTests('right', { softmax: stable.softmax }, { ...small, reports }).tests[0].run();
    expect(existsSync(reports)).toBe(false);
  });

  it.each([
    [{ run: 3 }, "there is no option of testKernel 'run'; did you mean runs?"],
    [{ operations: ['softmx'] }, "there is no operation 'softmx'; did you mean softmax?"],
    [{ operations: ['logSumExp'] }, 'bad has no logSumExp'],
    [{ profile: 'libn' }, "there is no profile 'libn'; did you mean libm?"],
    [{ views: 1 }, 'its options.views is wrong'],
  ])('should refuse the options %j', (options, message) => {
    const kernel = { softmax: stable.softmax };
    expect(() => kernelTests('bad', kernel, options as KernelTestOptions)).toThrow(message);
  });

  it('should refuse a saved file that is no finding, by its name', () => {
    const reports = userFolder();
    mkdirSync(join(reports, 'regressions'));
    writeFileSync(join(reports, 'regressions', 'x.json'), '{}');
    expect(() => kernelTests('bad', { softmax: stable.softmax }, { reports })).toThrow('x.json');
  });
});
