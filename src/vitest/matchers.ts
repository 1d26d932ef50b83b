/** The matchers, added to vitest's `expect` where this is imported. */
import { expect } from 'vitest';
import type { Batch } from '../core/batch.ts';
import type { Operation } from '../core/operation.ts';
import { told } from './failure.ts';
import { matchOracle, type OracleCall } from './oracle.ts';
import { matchUlps, type Numbers } from './ulps.ts';

/** What this package adds to `expect(…)`. */
export interface NumericMatchers {
  /**
   * That each number is at most `ulps` ULP away from the expected one, by the spacing of FP32 at the latter. NaN matches NaN alone, an infinity
   * itself alone; -0 and 0 are 0 ULP apart.
   */
  toBeWithinUlps(expected: Numbers, ulps: number): void;
  /**
   * That it is a right answer of `operation` by the oracle, within the error that a profile allows. Of a batch, or of the logits
   * and what `call` says beside them.
   */
  toMatchOracle(operation: Operation, logits: ArrayLike<number> | Batch, call?: OracleCall): void;
}

declare module 'vitest' {
  // biome-ignore lint/suspicious/noExplicitAny: every declaration of an interface has the same parameters.
  interface Matchers<T = any> extends NumericMatchers {}
}

expect.extend({ toBeWithinUlps: told(matchUlps), toMatchOracle: told(matchOracle) });
