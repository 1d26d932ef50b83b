/**
 * FP32 arithmetic as a value: a kernel that is written over an {@link Arithmetic} runs unchanged at full
 * speed, under the recorder of src/trace and, in tests, with the exp of another library.
 */

/** The elementary functions of a kernel. Operands and results are FP32 values, held in JavaScript numbers. */
export interface Arithmetic {
  readonly exp: (x: number) => number;
  readonly log: (x: number) => number;
  readonly neg: (x: number) => number;
  readonly add: (x: number, y: number) => number;
  readonly sub: (x: number, y: number) => number;
  readonly mul: (x: number, y: number) => number;
  readonly div: (x: number, y: number) => number;
}

/**
 * IEEE 754 binary32, each result rounded once to nearest, ties to even.
 *
 * Rounding the double result of + - * / to FP32 is correct rounding, because 53 >= 2*24 + 2 (Figueroa, "When is
 * double rounding innocuous?", SIGNUM Newsletter 30(3), 1995); subnormal results included, since the double result
 * is then exact (+, -) or the same argument holds for a shorter significand (*, /). Math.exp and Math.log are within
 * 1 double ULP, so exp and log are within 1/2 + 2^-29 FP32 ULP: the correctly rounded value but for about one
 * argument in 2^28.
 */
export const fp32: Arithmetic = {
  exp: (x) => Math.fround(Math.exp(x)),
  log: (x) => Math.fround(Math.log(x)),
  neg: (x) => -x,
  add: (x, y) => Math.fround(x + y),
  sub: (x, y) => Math.fround(x - y),
  mul: (x, y) => Math.fround(x * y),
  div: (x, y) => Math.fround(x / y),
};
