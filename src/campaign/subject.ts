/** What a campaign judges. */
import { type Batch, isNumeric } from '../core/batch.ts';
import { type Operation, usesUpstream } from '../core/operation.ts';
import type { Target } from '../core/target.ts';
import { type FormatName, inFp32 } from '../formats/index.ts';

/** A target and what is judged of it. */
export interface Subject {
  readonly target: Target;
  readonly operations: readonly Operation[];
}

/** Whether a campaign of these subjects has to draw upstream values. */
export function needUpstream(subjects: readonly Pick<Subject, 'operations'>[]): boolean {
  return subjects.some(({ operations }) => operations.some(usesUpstream));
}

/** The format in which a target takes logits. */
export function logitsOf({ formats = inFp32 }: Pick<Target, 'formats'>): FormatName {
  return formats.logits;
}

/** Whether the target takes the batch: NaN and +Infinity are no input of every contract. */
export function takes({ nonFinite }: Target, batch: Batch): boolean {
  return nonFinite || isNumeric(batch);
}
