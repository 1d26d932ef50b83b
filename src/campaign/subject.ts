/** What a campaign judges. */

import type { BatchOptions } from '../arbitraries/generate.ts';
import { type Batch, isNumeric } from '../core/batch.ts';
import { isWithin } from '../core/limits.ts';
import { type Operation, usesUpstream } from '../core/operation.ts';
import type { OptionName, Taken } from '../core/options.ts';
import type { Target } from '../core/target.ts';
import { type FormatName, inFp32 } from '../formats/index.ts';
import { optionNames, optionSpecs } from '../options/index.ts';
import type { Domain } from '../options/stage.ts';
import { takenBy } from '../options/taken.ts';

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

type JudgedOf = Pick<Subject, 'operations'> & { readonly target: Pick<Target, 'options'> };

/** What a campaign of these subjects has to draw beside logits and targets. */
export function drawnFor(subjects: readonly JudgedOf[]): Pick<BatchOptions, 'upstream' | 'options'> {
  return { upstream: needUpstream(subjects), options: optionsOf(subjects) };
}

/** The options that a campaign of these subjects draws, of fixed ones those with company; undefined where there are none. */
function optionsOf(subjects: readonly JudgedOf[]): readonly OptionName[] | undefined {
  const hasCompany = (name: OptionName): boolean =>
    (optionSpecs[name] as Domain<unknown>).hasCompany === true;
  const drawnOf = ({ names: taken, fixed }: Taken): readonly OptionName[] =>
    optionNames.filter((name) => taken.includes(name) || (fixed[name] !== undefined && hasCompany(name)));
  const names = new Set(
    subjects.flatMap(({ target, operations }) =>
      operations.flatMap((each) => drawnOf(takenBy(target, each))),
    ),
  );
  return names.size === 0 ? undefined : optionNames.filter((name) => names.has(name));
}

/** Whether the target takes the batch: NaN and +Infinity are no input of every contract, nor is every size. */
export function takes({ nonFinite, limits }: Target, batch: Batch): boolean {
  return isWithin(batch, limits) && (nonFinite || isNumeric(batch));
}
