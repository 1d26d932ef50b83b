/** Defines the tests of a kernel. */
import { describe, test } from 'vitest';
import type { Kernel } from '../core/kernel.ts';
import { plainly } from './failure.ts';
import { type KernelTest, kernelTests } from './kernel-tests.ts';
import type { KernelTestOptions } from './options.ts';

/**
 * Defines a suite `name`: a test for each saved counterexample of the kernel (`regressions` in the folder of reports), then for each of its
 * operations whether it answers right, and whether it keeps each law. A failure's message is what the command line shows of the fault. The kernel
 * runs in the process of the test.
 * @throws Error when an option is wrong, or the kernel has none of the operations.
 */
export function testKernel(name: string, kernel: Kernel, options: KernelTestOptions = {}): void {
  const here = new Error();
  Error.captureStackTrace(here, testKernel);
  const frames = here.stack?.split('\n').slice(1) ?? [];
  /** Nobody needs to see the inside of this package: it is thrown where testKernel was called. */
  const called = (error: unknown): Error => {
    const plain = plainly(error);
    plain.stack = [`${plain.name}: ${plain.message}`, ...frames].join('\n');
    return plain;
  };
  const define = ({ title, run }: KernelTest, timeout: number | undefined): void => {
    test(title, { ...(timeout !== undefined && { timeout }) }, async ({ signal }) => {
      try {
        await run(signal);
      } catch (error) {
        throw called(error);
      }
    });
  };
  let planned: ReturnType<typeof kernelTests>;
  try {
    planned = kernelTests(name, kernel, options);
  } catch (error) {
    throw called(error);
  }
  const { tests, timeout } = planned;
  describe(name, () => {
    for (const each of tests) define(each, timeout);
  });
}
