/**
 * How arguments lie in a request. Programs get them as they are. The host of a module also gets what is around them where
 * they are parts of larger buffers: it lays them out the same, and sees whether the module has written there. The status
 * of a request to a host, 0 for programs, says where in `floats`, `ints` and `upstream` the arguments begin.
 */
import type { Batch } from '../../core/batch.ts';
import { emptyFrame, type Frame } from './frame.ts';

/** The bit of a request's status that asks for what the memory of the answer before holds after this call. */
const AFTER = 2 ** 31;

type Layout = Pick<Frame, 'status' | 'floats' | 'ints' | 'upstream'>;

/** The arguments alone. */
export function plainLayout({ logits, targets, upstream }: Batch): Layout {
  return { status: 0, floats: logits, ints: targets, upstream: upstream ?? emptyFrame.upstream };
}

/** The arguments with the buffers that they are views of, all at one offset. */
export function hostLayout(batch: Batch, isAfter: boolean): Layout {
  const offset = batch.logits.byteOffset / 4;
  const status = offset + (isAfter ? AFTER : 0);
  const plain = plainLayout(batch);
  if (offset === 0) return { ...plain, status };
  return {
    status,
    floats: new Float32Array(plain.floats.buffer),
    ints: new Int32Array(plain.ints.buffer),
    upstream: new Float32Array(plain.upstream.buffer),
  };
}

/** What a host makes of a request. */
export interface HostCall {
  readonly batch: Batch;
  /** The batch as the module gets it, in views of larger buffers; undefined where there are none. */
  readonly handed: Batch | undefined;
  /** Whether the memory around the views is as it was. */
  readonly isUntouched: () => boolean;
  readonly isAfter: boolean;
}

/** Undoes {@link hostLayout}. */
export function hostCall({ rows, cols, status, floats, ints, upstream }: Frame): HostCall {
  const offset = status % AFTER;
  const isAfter = status >= AFTER;
  if (offset === 0) {
    const batch = {
      rows,
      cols,
      logits: floats,
      targets: ints,
      upstream: upstream.length === 0 ? null : upstream,
    };
    return { batch, handed: undefined, isUntouched: () => true, isAfter };
  }
  const cut = (count: number): [number, number] => [offset, offset + count];
  const batch = {
    rows,
    cols,
    logits: floats.slice(...cut(rows * cols)),
    targets: ints.slice(...cut(rows)),
    upstream: upstream.length === 0 ? null : upstream.slice(...cut(rows * cols)),
  };
  const larger = [floats.slice(), ints.slice(), upstream.slice()] as const;
  const handed = {
    ...batch,
    logits: larger[0].subarray(...cut(rows * cols)),
    targets: larger[1].subarray(...cut(batch.targets.length)),
    upstream: batch.upstream && larger[2].subarray(...cut(rows * cols)),
  };
  const isUntouched = (): boolean =>
    [floats, ints, upstream].every((before, k) => isSameAround(before, larger[k], offset, lengths[k]));
  const lengths = [rows * cols, batch.targets.length, rows * cols];
  return { batch, handed, isUntouched, isAfter };
}

/** Whether two arrays have the same bits outside of `length` numbers from `offset` on. */
function isSameAround(
  a: Float32Array | Int32Array,
  b: Float32Array | Int32Array,
  offset: number,
  length: number,
): boolean {
  const [before, now] = [a, b].map((each) => new Uint32Array(each.buffer, each.byteOffset, each.length));
  return before.every((word, k) => (k >= offset && k < offset + length) || word === now[k]);
}
