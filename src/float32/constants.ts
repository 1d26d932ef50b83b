/** Constants of IEEE 754 binary32, each exact as a JavaScript number, and the unit roundoff of these numbers themselves. */

/** Unit roundoff u = 2^-24: the largest relative error of one rounding in the normal range. */
export const UNIT_ROUNDOFF = 2 ** -24;

/** Largest finite FP32 value, (2 - 2^-23) * 2^127. */
export const MAX_FINITE = (2 - 2 ** -23) * 2 ** 127;

/** Smallest positive normal FP32 value, 2^-126. */
export const MIN_NORMAL = 2 ** -126;

/** Smallest positive FP32 value, 2^-149, also the spacing of the subnormals. */
export const MIN_SUBNORMAL = 2 ** -149;

/** Reals of this magnitude and above round to infinity: halfway between {@link MAX_FINITE} and 2^128. */
export const OVERFLOW_THRESHOLD = (2 - 2 ** -24) * 2 ** 127;

/** Smallest FP32 x whose exp overflows FP32: the word 42b17218, about 88.72284. */
export const EXP_OVERFLOW = 88.72283935546875;

/** Largest FP32 x whose exp rounds to zero: the word c2cff1b5, about -103.97208. */
export const EXP_UNDERFLOW = -103.97208404541016;

/** Largest FP32 x whose exp is below 2^-126, so subnormal: the word c2aeac50, about -87.33655. */
export const EXP_SUBNORMAL = -87.3365478515625;

/** Unit roundoff v = 2^-53 of binary64, in which references are computed. */
export const UNIT_ROUNDOFF_OF_DOUBLE = 2 ** -53;
