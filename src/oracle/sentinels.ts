/**
 * Whether this runtime's Math.exp, Math.log1p and FP32 conversion are what approximate-row.ts takes for granted, and Math.tanh what softcap.ts does.
 *
 * ECMAScript leaves exp, log1p and tanh to the implementation. V8's come from fdlibm, whose authors bound the error by
 * 1 ulp; on Node 20.20 the largest of 360,000 samples were 0.95 and 0.90. The filter allows 2 ulp, and is used only
 * where the inputs below, the worst of 14,000 and the thresholds of FP32, stay within 1.5 of the nearest double. Math.tanh, of
 * which softcap.ts asks 4 ulp, has 2.02 at most of 60,000, and is to stay within 3.
 */

/** An argument, and the double nearest to the exact value there. */
type Sentinel = readonly [argument: number, nearest: number];

/** For e^x, x from -200 to 0. */
export const expSentinels: readonly Sentinel[] = [
  [-188.83483409881592, 9.774027570947722e-83],
  [-52.30205059051514, 1.9297810451030128e-23],
  [-122.28717803955078, 7.786698692013713e-54],
  [-78.63497734069824, 7.067458326663875e-35],
  [-130.6521713733673, 1.8133553747035998e-57],
  [-160.45327186584473, 2.0702816146291653e-70],
  [-21.12751007080078, 6.674810798827674e-10],
  [-70.03190732773899, 3.8506060637884384e-31],
  [-63.61249931131198, 2.36288491127272e-28],
  [-91.8424105655148, 1.2982187781182143e-40],
  [-0.3700117862371914, 0.6907261895266742],
  [-0.34460842100614186, 0.7084977319854969],
  [-1, 0.36787944117144233],
  [-0.5, 0.6065306597126334],
  [-1e-9, 0.999999999],
  [-16.635532333438686, 5.960464477539072e-8],
  [-87.33654475055312, 1.1754943508222786e-38],
  [-103.97207708399179, 7.006492321624118e-46],
];

/** For ln(1 + x), x > 0. */
export const log1pSentinels: readonly Sentinel[] = [
  [1.6866614449547395, 0.988299324283305],
  [1.5726579460312524, 0.9449395847154459],
  [5.002295732026689, 1.7921420180513705],
  [0.3077340632056431, 0.2682959167715741],
  [4.148542471447352, 1.638713659366329],
  [0.28157186089452746, 0.24808734086005432],
  [23.201093395347648, 3.186397813767918],
  [1e-20, 1e-20],
  [0.5, 0.4054651081081644],
  [1, Math.LN2],
  [1023, 6.931471805599453],
  [99999, 11.512925464970229],
];

/** For tanh(x), x > 0. */
export const tanhSentinels: readonly Sentinel[] = [
  [0.20772919099379716, 0.2047919428632914],
  [0.2533399757270402, 0.24805571134047594],
  [0.4739820444927442, 0.441411111226175],
  [0.23100761905716638, 0.2269842752357709],
  [0.5268922681066313, 0.483001943067083],
  [1e-20, 1e-20],
  [1, 0.7615941559557649],
  [30, 1],
];

/** The functions that the check may be given, for its own test. */
export interface MathFunctions {
  readonly exp: (x: number) => number;
  readonly log1p: (x: number) => number;
  readonly tanh: (x: number) => number;
  readonly fround: (x: number) => number;
}

/**
 * Why doubles cannot be trusted here, or null when they can: a function is off by more than 1.5 ulp, or subnormals
 * are flushed to zero (a native library loaded with -ffast-math does that to its whole thread).
 */
export function distrust(math: MathFunctions = Math): string | null {
  if (math.fround(1e-41) === 0 || 2 ** -1060 / 2 === 0) return 'this process flushes subnormals to zero';
  for (const [x, nearest] of expSentinels) {
    if (!isNear(math.exp(x), nearest)) return `Math.exp(${x}) is ${math.exp(x)}, not ${nearest}`;
  }
  for (const [x, nearest] of log1pSentinels) {
    if (!isNear(math.log1p(x), nearest)) return `Math.log1p(${x}) is ${math.log1p(x)}, not ${nearest}`;
  }
  for (const [x, nearest] of tanhSentinels) {
    if (!isNear(math.tanh(x), nearest, 3)) return `Math.tanh(${x}) is ${math.tanh(x)}, not ${nearest}`;
  }
  return null;
}

function isNear(value: number, nearest: number, ulps = 1.5): boolean {
  const ulp = 2 ** (Math.floor(Math.log2(nearest)) - 52);
  return Math.abs(value - nearest) <= ulps * ulp;
}

/** A subnormal FP32 number and the smallest normal double, where no compiler can compute with them beforehand. */
const subnormal = Float32Array.of(1e-41);
const halved = Float64Array.of(2 ** -1022);

/** Whether this process has come to flush subnormals to zero: what it says of any answer is then worth nothing. */
export function flushesSubnormals(): boolean {
  return subnormal[0] === 0 || halved[0] / 2 === 0;
}

/** Why double precision may not stand in for decimal.js in this runtime; null where it may. */
export const slowBecause: string | null = distrust();
