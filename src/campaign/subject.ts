/** What a campaign judges. */

import type { BatchOptions } from '../arbitraries/generate.ts';
import { type Batch, isNumeric } from '../core/batch.ts';
import { isWithin } from '../core/limits.ts';
import { type Operation, usesUpstream } from '../core/operation.ts';
import type { OptionName } from '../core/options.ts';
import type { Target } from '../core/target.ts';
import { type FormatName, inFp32 } from '../formats/index.ts';
import { optionNames } from '../options/index.ts';
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

/** Options that are drawn where they are fixed too, for what comes with them: what hidden logits hold, and which rows are ignored. */
const withCompany = ['mask', 'ignoreIndex'] as const;

/** The options that a campaign of these subjects draws; undefined where they take none. */
function optionsOf(subjects: readonly JudgedOf[]): readonly OptionName[] | undefined {
  const names = new Set<OptionName>();
  for (const { target, operations } of subjects)
    for (const { names: taken, fixed } of operations.map((each) => takenBy(target, each)))
      for (const name of [...taken, ...withCompany.filter((each) => fixed[each] !== undefined)])
        names.add(name);
  return names.size === 0 ? undefined : optionNames.filter((name) => names.has(name));
}

/** Whether the target takes the batch: NaN and +Infinity are no input of every contract, nor is every size. */
export function takes({ nonFinite, limits }: Target, batch: Batch): boolean {
  return isWithin(batch, limits) && (nonFinite || isNumeric(batch));
}
