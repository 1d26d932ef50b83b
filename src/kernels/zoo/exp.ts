/** e^d as libraries compute it: d = k ln 2 + r, e^d = 2^k e^r. Each step may be replaced. */
import { f32 } from './parts.ts';

/** The steps of an exp. */
export interface ExpSteps {
  /** Smaller arguments give 0. */
  readonly lowest: number;
  /** k, from d / ln 2. */
  readonly integer: (t: number) => number;
  /** e^r. */
  readonly power: (r: number) => number;
  /** 2^k times that. */
  readonly scale: (power: number, k: number) => number;
}

const correct: ExpSteps = {
  lowest: -104,
  integer: Math.round,
  power: Math.exp,
  scale: (power, k) => power * 2 ** k,
};

/** An exp whose steps are right but for `changes`: rounded once, for arguments up to 0. */
export function expBy(changes: Partial<ExpSteps>): (d: number) => number {
  const { lowest, integer, power, scale } = { ...correct, ...changes };
  return (d) => {
    if (d < lowest) return 0;
    const k = integer(d / Math.LN2);
    return f32(scale(power(d - k * Math.LN2), k));
  };
}

/** The Taylor polynomial of e^r. */
export function taylor(degree: number): (r: number) => number {
  return (r) => {
    let sum = 1;
    for (let k = degree; k > 0; k--) sum = 1 + (sum * r) / k;
    return sum;
  };
}

/** FP32's log2 e. */
export const LOG2E = f32(Math.LOG2E);

/** x y + z rounded once, but for a double rounding in one case of 2^29. */
export function fma(x: number, y: number, z: number): number {
  return f32(x * y + z);
}

/** 2^t in FP32. */
export function exp2(t: number): number {
  return f32(2 ** t);
}
