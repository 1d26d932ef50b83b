/**
 * For tests in vitest: a suite for a kernel, and the matchers `toBeWithinUlps` and `toMatchOracle`, which importing this adds.
 * @module softmax-fuzz/vitest
 */
export type { NumericMatchers } from './matchers.ts';

import './matchers.ts';

export type { KernelTestOptions } from './options.ts';
export type { OracleCall } from './oracle.ts';
export { testKernel } from './test-kernel.ts';
