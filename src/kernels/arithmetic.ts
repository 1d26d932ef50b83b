/**
 * FP32 arithmetic as a value. A kernel written over an {@link Arithmetic} runs unchanged at full speed, under the
 * recorder of src/trace, and with the exp of another library.
 */

/** The elementary functions of a kernel. Operands and results are FP32 values in JavaScript numbers. */
export interface Arithmetic {
  /** e^x. */
  readonly exp: (x: number) => number;
  /** The natural logarithm. */
  readonly log: (x: number) => number;
  /** The hyperbolic tangent. */
  readonly tanh: (x: number) => number;
  /** -x, exact. */
  readonly neg: (x: number) => number;
  /** x + y. */
  readonly add: (x: number, y: number) => number;
  /** x - y. */
  readonly sub: (x: number, y: number) => number;
  /** x y. */
  readonly mul: (x: number, y: number) => number;
  /** x / y. */
  readonly div: (x: number, y: number) => number;
}

/** One call of an arithmetic. */
export interface Step {
  readonly op: keyof Arithmetic;
  /** One or two FP32 values. */
  readonly operands: readonly number[];
  readonly result: number;
}

/**
 * IEEE 754 binary32, rounded to nearest, ties to even, with gradual underflow. Tells `onStep` of every call.
 *
 * - `add`, `sub`, `mul`, `div` are correctly rounded although they round twice, to double and to FP32: 53 >= 2*24 + 2
 *   (Figueroa, "When is double rounding innocuous?", SIGNUM Newsletter 30(3), 1995). A subnormal result does not
 *   spoil it: sums and products are then exact in double, and a quotient keeps fewer bits, so that the margin grows.
 * - `exp` and `log` round those of Math, which V8 states to be within 1 double ULP, 2^-29 FP32 ULP. The result is
 *   within 1/2 + 2^-29 ULP: correctly rounded but for about one argument in 2^28. `tanh` likewise, by 2^-27 (sentinels.ts).
 *
 * The recorder sits in here, and not around it, for speed: the functions of all arithmetics are then closures of the
 * same code, which V8 keeps inlined in a kernel. Once a wrapper has been through, each step costs a real call
 * (measured: twice the time for a softmax).
 */
export function createFp32(onStep?: (step: Step) => void): Arithmetic {
  return {
    exp: (x) => {
      const result = Math.fround(Math.exp(x));
      onStep?.({ op: 'exp', operands: [x], result });
      return result;
    },
    log: (x) => {
      const result = Math.fround(Math.log(x));
      onStep?.({ op: 'log', operands: [x], result });
      return result;
    },
    tanh: (x) => {
      const result = Math.fround(Math.tanh(x));
      onStep?.({ op: 'tanh', operands: [x], result });
      return result;
    },
    neg: (x) => {
      const result = -x;
      onStep?.({ op: 'neg', operands: [x], result });
      return result;
    },
    add: (x, y) => {
      const result = Math.fround(x + y);
      onStep?.({ op: 'add', operands: [x, y], result });
      return result;
    },
    sub: (x, y) => {
      const result = Math.fround(x - y);
      onStep?.({ op: 'sub', operands: [x, y], result });
      return result;
    },
    mul: (x, y) => {
      const result = Math.fround(x * y);
      onStep?.({ op: 'mul', operands: [x, y], result });
      return result;
    },
    div: (x, y) => {
      const result = Math.fround(x / y);
      onStep?.({ op: 'div', operands: [x, y], result });
      return result;
    },
  };
}

/** {@link createFp32} without a listener. */
export const fp32: Arithmetic = createFp32();
