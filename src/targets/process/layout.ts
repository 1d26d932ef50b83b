/**
 * How arguments come in a request, and what else the host of a module is asked for, in the request's status: 0 for
 * programs, which get the arguments alone. A host lays them out itself where they are to be parts of larger buffers.
 */
import * as v from 'valibot';
import type { Batch } from '../../core/batch.ts';
import { type Placement, placements } from '../../core/placement.ts';
import type { AfterOthers } from '../../core/target.ts';
import { inert } from '../../text/inert.ts';
import { emptyFrame, type Frame } from './frame.ts';
import { batchOfTensors } from './tensors.ts';

/** The bit of a request's status that asks for what the memory of the answer before holds after this call. */
const AFTER = 2 ** 31;

/** The bit that asks to load the target anew before this call. */
const ANEW = 2 ** 30;

/** Where a request's status has the ms to wait, of 16 bits, above the number of the placement. */
const REST = 2 ** 8;

/** The bit that leaves what was changed of earlier calls for later. */
const OWN = 2 ** 24;

/** What a host is asked for beside an answer. */
export interface Wanted {
  /** Where the arrays lie; null for buffers of their own. One of {@link placements}. */
  readonly placement: Placement | null;
  readonly isAfter: boolean;
  /** So many whole ms are waited before that is looked at. */
  readonly restMs: number;
  /** Whether only what this call and the one before have changed is told. */
  readonly isOwn: boolean;
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
export function statusOf({ placement, isAfter, restMs, isOwn, isAnew }: Wanted): number {
  const place = placement === null ? 0 : 1 + placements.indexOf(placement);
  return place + REST * restMs + (isOwn ? OWN : 0) + (isAfter ? AFTER : 0) + (isAnew ? ANEW : 0);
}

/** Undoes {@link statusOf}. */
export function wantedBy(status: number): Wanted {
  const isAfter = status >= AFTER;
  const isAnew = (isAfter ? status - AFTER : status) >= ANEW;
  const placement = placements[(status % REST) - 1] ?? null;
  const restMs = Math.floor((status % OWN) / REST);
  return { placement, isAfter, restMs, isOwn: status % ANEW >= OWN, isAnew };
}

/** What has become of an answer, as an answer's numbers and its text. */
export function afterOthersOut({ answer, changed }: AfterOthers): Pick<Frame, 'floats' | 'text'> {
  return { floats: answer, text: changed === null ? '' : JSON.stringify(changed) };
}

/** Undoes {@link afterOthersOut}. */
export function afterOthersIn({ floats, text }: Frame): AfterOthers {
  if (text === '') return { answer: floats, changed: null };
  const { isAnswer, isOfEarlier, detail } = v.parse(changedSchema, JSON.parse(text));
  return { answer: floats, changed: { isAnswer, isOfEarlier, detail: inert(detail) } };
}

const changedSchema = v.object({ isAnswer: v.boolean(), isOfEarlier: v.boolean(), detail: v.string() });
