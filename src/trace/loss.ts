/**
 * Where a trace lost what is wrong in its answer. The same steps are taken again in double precision, from the inputs on; what a step
 * has lost is the error of its result in ULP, less the larger of its operands' errors. A step's operands are known by their bits alone,
 * so that where one is from is a guess where several are the same number: the least used of them, of these the first, and not twice in
 * one step. Therefore nothing is said unless the steps come, within one ULP, to the answer that the oracle expects.
 */
import type { Batch } from '../core/batch.ts';
import { ulp } from '../float32/ulp.ts';
import type { Arithmetic } from '../kernels/arithmetic.ts';
import type { Trace } from './trace.ts';

/** The step that lost most. */
export interface Loss {
  /** Index of the step. */
  readonly step: number;
  /** What its result would be without the rounding of any step, in double precision. */
  readonly exact: number;
  /** In ULP of `exact`, those of the operands subtracted. */
  readonly ulps: number;
}

/** A step that loses less than this is as good as the format allows. */
const LEAST_ULPS = 1;

const exactly: Arithmetic = {
  exp: Math.exp,
  log: Math.log,
  tanh: Math.tanh,
  neg: (x) => -x,
  add: (x, y) => x + y,
  sub: (x, y) => x - y,
  mul: (x, y) => x * y,
  div: (x, y) => x / y,
};

/**
 * The finite step of `trace`, of what a kernel did with `batch`, that lost most; null where none lost a whole ULP, or the steps taken
 * again do not come to `expected`, the right answer, in the number at `index`.
 */
export function lossOf(
  trace: Trace,
  { logits, upstream }: Batch,
  expected: ArrayLike<number>,
  index: number,
): Loss | null {
  const numbers = new Map<number, Known[]>();
  const add = (value: number, exact: number, error: number): void => {
    const alike = numbers.get(value);
    if (alike === undefined) numbers.set(value, [{ exact, error, uses: 0 }]);
    else alike.push({ exact, error, uses: 0 });
  };
  for (const value of new Set([...logits, ...(upstream ?? [])])) add(value, value, 0);
  let most: Loss | null = null;
  for (const [step, { op, operands, result }] of trace.steps.entries()) {
    const from: Known[] = [];
    for (const operand of operands) from.push(take(numbers.get(operand) ?? [], operand, from));
    const exact = exactly[op](from[0].exact, from[1]?.exact);
    const error = Math.abs(result - exact) / ulp(exact);
    const isSized = Number.isFinite(error);
    const ulps = error - Math.max(...from.map((each) => each.error));
    if (isSized && ulps >= LEAST_ULPS && ulps > (most?.ulps ?? 0)) most = { step, exact, ulps };
    add(result, exact, isSized ? error : 0);
  }
  const wanted = expected[index];
  const answers = numbers.get(trace.output[index]) ?? [];
  return answers.some(({ exact }) => Math.abs(exact - wanted) <= ulp(wanted)) ? most : null;
}

/** A number that was given or made, and what it would be without rounding. */
interface Known {
  readonly exact: number;
  /** In ULP. */
  readonly error: number;
  uses: number;
}

/** Which of the numbers `alike` an operand is, beside those that the step has taken; a constant where there is none. */
function take(alike: readonly Known[], operand: number, taken: readonly Known[]): Known {
  const others = alike.filter((each) => !taken.includes(each));
  const all = others.length > 0 ? others : alike;
  if (all.length === 0) return { exact: operand, error: 0, uses: 0 };
  const least = all.reduce((best, each) => (each.uses < best.uses ? each : best));
  least.uses++;
  return least;
}
