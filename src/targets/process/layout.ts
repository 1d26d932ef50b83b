/**
 * How arguments come in a request, and what else the host of a module is asked for, in the request's status: 0 for
 * programs, which get the arguments alone. A host lays them out itself where they are to be parts of larger buffers.
 */
import type { Batch } from '../../core/batch.ts';
import { type Placement, placements } from '../../core/placement.ts';
import { emptyFrame, type Frame } from './frame.ts';
import { batchOfTensors } from './tensors.ts';

/** The bit of a request's status that asks for what the memory of the answer before holds after this call. */
const AFTER = 2 ** 31;

/** The bit that asks to load the target anew before this call. */
const ANEW = 2 ** 30;

/** What a host is asked for beside an answer. */
export interface Wanted {
  /** Where the arrays lie; null for buffers of their own. One of {@link placements}. */
  readonly placement: Placement | null;
  readonly isAfter: boolean;
  /** Whether the target is loaded anew before. */
  readonly isAnew: boolean;
}

/** The arguments of a request. */
export function argumentsOf({
  logits,
  targets,
  upstream,
}: Batch): Pick<Frame, 'floats' | 'ints' | 'upstream'> {
  return { floats: logits, ints: targets, upstream: upstream ?? emptyFrame.upstream };
}

/** Undoes {@link argumentsOf}. */
export function batchOfRequest(frame: Frame): Batch {
  const { version, rows, cols, floats, ints, upstream, tensors, options } = frame;
  if (version === 2) return batchOfTensors({ rows, cols }, tensors, options);
  return { rows, cols, logits: floats, targets: ints, upstream: upstream.length === 0 ? null : upstream };
}

/** What is wanted, as a request's status. */
export function statusOf({ placement, isAfter, isAnew }: Wanted): number {
  const place = placement === null ? 0 : 1 + placements.indexOf(placement);
  return place + (isAfter ? AFTER : 0) + (isAnew ? ANEW : 0);
}

/** Undoes {@link statusOf}. */
export function wantedBy(status: number): Wanted {
  const isAfter = status >= AFTER;
  const isAnew = (isAfter ? status - AFTER : status) >= ANEW;
  return { placement: placements[(status % ANEW) - 1] ?? null, isAfter, isAnew };
}
