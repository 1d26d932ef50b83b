/** What a sweep visits, and how the work is cut: the same cut whatever the workers, the stride and the range. */
import type { RowOperation } from '../core/operation.ts';
import { type Formats, formats as grids, inFp32 } from '../formats/index.ts';
import { positionsOf, thresholdPositions } from './positions.ts';

/** The operations that a sweep can judge: those whose answer for [x, 0] has a closed form. */
export const sweepOperations = ['softmax', 'logSoftmax', 'logSumExp'] as const satisfies RowOperation[];

/** One of {@link sweepOperations}. */
export type SweepOperation = (typeof sweepOperations)[number];

/** What determines the result of a sweep, beside the kernel. */
export interface SweepPlan {
  readonly operation: SweepOperation;
  /** The name of the error profile. */
  readonly profile: string;
  /** The target's. Logits of a 16-bit format are visited all: `stride` is 1. */
  readonly formats: Formats;
  /** Every position that is a multiple of it is visited, beside the thresholds and the ends. */
  readonly stride: number;
  /** The first position of the range. */
  readonly from: number;
  /** The last position of the range. */
  readonly to: number;
}

/** A part of the range, in one process at a time. */
export interface Block {
  readonly index: number;
  readonly from: number;
  readonly to: number;
}

/** Positions in a block: two binades. The finite words make exactly 255 blocks. */
const BLOCK = 2 ** 24;

/** Rows in one call of the kernel. */
export const CHUNK = 4096;

/** The blocks of a plan, in order. */
export function blocksOf({ from, to }: SweepPlan): Block[] {
  const blocks: Block[] = [];
  for (let index = Math.floor(from / BLOCK); index * BLOCK <= to; index++) {
    blocks.push({
      index,
      from: Math.max(from, index * BLOCK),
      to: Math.min(to, (index + 1) * BLOCK - 1),
    });
  }
  return blocks;
}

/** What may narrow a sweep. */
interface Narrowing {
  readonly stride?: number | undefined;
  readonly from?: number | undefined;
  readonly to?: number | undefined;
}

/** The plan of a whole sweep, narrowed by what is given. */
export function createPlan(
  operation: SweepOperation,
  profile: string,
  { stride = 1, from = 0, to }: Narrowing = {},
  formats: Formats = inFp32,
): SweepPlan {
  const last = positionsOf(grids[formats.logits]) - 1;
  return { operation, profile, formats, stride, from, to: to ?? last };
}

/**
 * The positions of a block that the plan visits, in ascending order, up to {@link CHUNK} at a time. Each chunk is
 * valid until the next one is asked for.
 */
export function* chunksOf({ stride, from, to }: SweepPlan, block: Block): Generator<Float64Array> {
  const kept = [...new Set([...thresholdPositions, from, to])]
    .filter((position) => position % stride !== 0 && position >= block.from && position <= block.to)
    .sort((a, b) => a - b);
  kept.push(Number.POSITIVE_INFINITY);
  const chunk = new Float64Array(CHUNK);
  let length = 0;
  let k = 0;
  let multiple = Math.ceil(block.from / stride) * stride;
  for (;;) {
    let position = multiple;
    if (kept[k] < multiple) position = kept[k++];
    else multiple += stride;
    if (position > block.to) break;
    chunk[length++] = position;
    if (length === CHUNK) {
      yield chunk;
      length = 0;
    }
  }
  if (length > 0) yield chunk.subarray(0, length);
}
