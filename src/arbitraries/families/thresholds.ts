/**
 * The arguments at which an FP32 exp changes its behavior, a few units in the last place around each.
 *
 * They are multiples of ln 2: e^x overflows from 128 ln 2 on, is subnormal below -126 ln 2 and zero below -150 ln 2, and
 * vanishes beside 1 below -24 ln 2. At half multiples the reduction x = k ln 2 + r changes its k.
 *
 * For: a missing max subtraction (deeplearning4j#6039), clamps and cutoffs inside exp (funes#160, Vc#273, operon#169),
 * flush to zero (tensorflow#62399), and sums that overflow although no term does.
 */
import type { Random } from '../../core/random.ts';
import { EXP_OVERFLOW } from '../../float32/constants.ts';
import { nextDown } from '../../float32/ordinal.ts';
import type { Format } from '../../formats/format.ts';
import { fp32 } from '../../formats/index.ts';
import { bell, nudge } from '../draw.ts';

/** In units of ln 2: 16.64, 87.34, 88.03, 88.38, 88.72, 103.28, 103.97. */
const ofFp32 = [24, 126, 127, 127.5, 128, 149, 150];

/** Those, and of a narrower grid its own: where e^-d is lost beside 1, subnormal and 0, and where e^d overflows. */
function landmarksOf(grid: Format): readonly number[] {
  const known = landmarks.get(grid);
  if (known !== undefined) return known;
  const [normal, subnormal] = [grid.minNormal, grid.minSubnormal].map((x) => -Math.log2(x));
  const own = [grid.precision, normal, subnormal, subnormal + 1, grid.maxExponent + 1];
  const found = grid === fp32 ? ofFp32 : [...ofFp32, ...own, ...own];
  landmarks.set(grid, found);
  return found;
}

const landmarks = new Map<Format, readonly number[]>();

/** Thresholds of either sign among ordinary logits, thresholds as gaps below a max, or logits whose exps overflow only when added. */
export function thresholds(random: Random, row: Float32Array, grid: Format): void {
  const kind = random.below(4);
  if (kind === 0) overflowingSum(random, row, grid);
  else if (kind === 1) gaps(random, row, grid);
  else values(random, row, grid);
}

/** One threshold at least, of one sign or both. */
function values(random: Random, row: Float32Array, grid: Format): void {
  const share = random.chance(0.5) ? 1 : 0.25;
  const negative = random.below(3) / 2;
  const value = () => (random.chance(negative) ? -threshold(random, grid) : threshold(random, grid));
  for (let i = 0; i < row.length; i++) row[i] = random.chance(share) ? value() : 10 * bell(random);
  row[random.below(row.length)] = value();
}

/** One max, 0 or a small integer, and every other logit a threshold below it. */
function gaps(random: Random, row: Float32Array, grid: Format): void {
  const top = random.chance(0.5) ? 0 : random.below(21) - 10;
  for (let i = 0; i < row.length; i++) row[i] = top - threshold(random, grid);
  row[random.below(row.length)] = top;
}

/** Every e^x is finite, and the sum of the n of them at least 2^128, or what overflows on the grid: with k = floor(log2 n), each x > (128 - k) ln 2. */
function overflowingSum(random: Random, row: Float32Array, grid: Format): void {
  const room = 0.95 * (31 - Math.clz32(row.length)) * Math.LN2;
  const top = grid === fp32 ? nextDown(EXP_OVERFLOW) : Math.log(grid.overflow);
  for (let i = 0; i < row.length; i++) row[i] = top - room * random.unit();
}

function threshold(random: Random, grid: Format): number {
  const multiple = random.chance(0.75) ? random.pick(landmarksOf(grid)) : (1 + random.below(300)) / 2;
  return nudge(random, multiple * Math.LN2, 3, grid);
}
