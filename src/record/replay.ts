/** Runs a recorded finding again. */
import type { Batch } from '../core/batch.ts';
import type { Target } from '../core/target.ts';
import { bucketOf, type Violation } from '../core/violation.ts';
import { toHexWords } from '../float32/bits.ts';
import { builtinKernels } from '../kernels/builtin.ts';
import { createOracle } from '../oracle/exact.ts';
import { isBuiltin } from '../targets/builtin.ts';
import { examine } from '../targets/examine.ts';
import { type Trace, traceKernel } from '../trace/trace.ts';
import type { FindingFile } from './finding-file.ts';
import { fromBatchWords } from './words.ts';

/** What replaying has shown. */
export interface Replay {
  readonly file: FindingFile;
  readonly target: Target;
  readonly batch: Batch;
  readonly output: Float32Array | null;
  readonly expected: Float32Array;
  /** What is wrong with the answer now, in any bucket of the operation. */
  readonly violations: readonly Violation[];
  /**
   * `same-bucket`: it fails as recorded. `another-bucket`: it fails otherwise. `passes`: the answer is right, or
   * a mere warning where an error was recorded.
   */
  readonly outcome: 'same-bucket' | 'another-bucket' | 'passes';
  /** Whether the answer has the recorded bits; null where none were recorded or given. */
  readonly sameBits: boolean | null;
  /** Every FP32 step, for built-in kernels. */
  readonly trace: Trace | null;
}

/** Gives the finding's smallest input to `target` and judges the answer. Executes nothing else. */
export async function replay(file: FindingFile, target: Target): Promise<Replay> {
  const batch = fromBatchWords(file.input);
  const oracle = createOracle(batch);
  const { output, violations } = await examine(target, file.operation, oracle);
  const counted = violations.filter(({ severity }) => severity === 'error' || file.severity === 'warning');
  const same = counted.some((violation) => bucketOf(violation) === file.bucket);
  return {
    file,
    target,
    batch,
    output,
    expected: oracle.answer(file.operation).rounded,
    violations,
    outcome: same ? 'same-bucket' : counted.length > 0 ? 'another-bucket' : 'passes',
    sameBits: output && file.output && toHexWords(output).join() === file.output.join(),
    trace: isBuiltin(target.specifier)
      ? traceKernel(builtinKernels[target.specifier].create, file.operation, batch)
      : null,
  };
}
