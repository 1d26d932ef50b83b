/** Targets made in the program that judges them. */

import { type Aftermath, createAftermath } from '../core/aftermath.ts';
import { createBatch, MOST_LOGITS } from '../core/batch.ts';
import { type Kernel, operationsOf } from '../core/kernel.ts';
import { knownOf } from '../core/known.ts';
import { type Law, laws } from '../core/law.ts';
import { hasLayout } from '../core/layout.ts';
import { isWithin, type Limits } from '../core/limits.ts';
import { type Operation, operations, usesTargets } from '../core/operation.ts';
import { isOfRows, type OptionName, type Taken } from '../core/options.ts';
import { semanticsOf } from '../core/semantics.ts';
import type { Declaration, DeclaredOptions, Target } from '../core/target.ts';
import { type Formats, inFp32 } from '../formats/index.ts';
import { optionNames, optionSpecs, optionsFor, withOptions } from '../options/index.ts';
import { isNumbers } from '../options/stage.ts';
import { profileNamed } from '../row/profiles.ts';
import { shown } from '../text/describe-value.ts';
import { locating, UserError } from '../text/errors.ts';
import { unknownName } from '../text/nearest.ts';

/**
 * A kernel with its declaration resolved: the profile is `default`, nothing is known, every law but batch invariance is
 * held, and it is given NaN and +Infinity too, unless it says otherwise.
 * `specifier` is what a command line would call it.
 * @throws UserError when it declares a profile that does not exist, or a known bucket without its bound.
 */
export function createTarget(
  name: string,
  kernel: Kernel,
  declaration: Declaration = {},
  specifier: string = name,
  aftermath: Aftermath = createAftermath(),
): Target {
  const { ftz = false, known = [], nonFinite = true, rows, cols } = declaration;
  if ((rows ?? 1) * (cols ?? 1) > MOST_LOGITS)
    throw new UserError(`its batches have ${rows} x ${cols} logits: expected at most ${MOST_LOGITS}`);
  const profile = `${declaration.profile ?? 'default'}${ftz ? '+ftz' : ''}`;
  profileNamed(profile);
  const formats = formatsOf(declaration);
  const limits = limitsOf(declaration);
  const options = takenOfAll(kernel, declaration);
  return {
    name: declaration.name ?? name,
    specifier,
    kernel,
    profile,
    ...(formats !== inFp32 && { formats }),
    ...(options && { options }),
    ...(declaration.semantics !== undefined && { semantics: semanticsOf(declaration.semantics) }),
    ...(declaration.layouts && { layouts: declaration.layouts }),
    ...(declaration.inPlace && { inPlace: true }),
    laws: lawsOf(declaration),
    known: known.map(knownOf),
    nonFinite,
    ...(limits && { limits }),
    ...(rows !== undefined && { rows }),
    ...(cols !== undefined && { cols }),
    aftermath,
  };
}

/**
 * The formats that a declaration names: one for all that is stored, or each.
 * @throws UserError when the arithmetic has fewer digits than FP32 and is not of the answer's format.
 */
export function formatsOf({ format = 'fp32' }: Declaration): Formats {
  const named = typeof format === 'string' ? { logits: format, answer: format } : format;
  const found: Formats = { ...inFp32, ...named };
  if (found.arithmetic !== 'fp32' && found.arithmetic !== found.answer)
    throw new UserError(
      `its arithmetic is ${found.arithmetic} and its answers are ${found.answer}`,
      `An arithmetic is fp32, or that of the answers: \`answer: '${found.arithmetic}'\`.`,
    );
  const isFp32 = Object.values(found).every((each) => each === 'fp32');
  return isFp32 ? inFp32 : found;
}

/**
 * The sizes that a declaration limits; undefined where it limits none.
 * @throws UserError when there is no such size, or it is fixed to another.
 */
function limitsOf({ maxRows, maxCols, multipleOf, rows, cols }: Declaration): Limits | undefined {
  const limits: Limits = { maxRows, maxCols, multipleOf };
  if (Object.values(limits).every((limit) => limit === undefined)) return undefined;
  if (maxCols !== undefined && multipleOf !== undefined && maxCols < multipleOf)
    throw new UserError(
      `it takes at most ${maxCols} columns, and multiples of ${multipleOf}: there are none`,
    );
  const fixed = { rows: rows ?? 1, cols: cols ?? multipleOf ?? 1 };
  if (!isWithin(fixed, limits))
    throw new UserError(
      `its rows or cols are not within its limits: ${JSON.stringify({ rows, cols, ...limits })}`,
      'Leave out maxRows, maxCols and multipleOf of what is fixed.',
    );
  return limits;
}

/** The options of a declaration; of one that takes probabilities, those of its losses. */
function takenOfAll(kernel: Kernel, declaration: Declaration): Target['options'] {
  const { options, probabilities } = declaration;
  if (probabilities === undefined || probabilities === false) return options && takenOf(options, declaration);
  const losses = operationsOf(kernel).filter(usesTargets);
  return takenOf({ ...Object.fromEntries(losses.map((each) => [each, {}])), ...options }, declaration);
}

/**
 * The options that a declaration names.
 * @throws UserError when one does not exist, or a fixed value is none that it takes.
 */
export function takenOf(
  declared: NonNullable<Declaration['options']>,
  sizes: Declaration,
): NonNullable<Target['options']> {
  return Object.fromEntries(
    Object.entries(declared).map(([operation, options]) => {
      if (!operations.some((each) => each === operation))
        throw unknownName('operation', operation, operations);
      return [
        operation,
        locating(`its options of ${operation}`, () => takenOfOne(operation as Operation, options, sizes)),
      ];
    }),
  );
}

function takenOfOne(
  operation: Operation,
  options: DeclaredOptions,
  { rows, cols, probabilities }: Declaration,
): Taken {
  const declared: readonly (readonly [string, unknown])[] = Array.isArray(options)
    ? options.map((name) => [name, true])
    : Object.entries(options);
  const known: readonly string[] = optionsFor(operation);
  for (const [name] of declared) if (!known.includes(name)) throw unknownName('option', shown(name), known);
  const said = usesTargets(operation) && probabilities !== false ? probabilities : undefined;
  const isAlways = [said, Object.fromEntries(declared)['probabilities']].includes('always');
  const isFree = (name: OptionName): boolean =>
    (name === 'probabilities' && (said === true || isAlways)) ||
    declared.some(([each, value]) => each === name && value === true);
  const names = optionNames.filter(isFree);
  const fixing = declared.filter(
    ([name, value]) => value !== true && !(name === 'probabilities' && isAlways),
  );
  const values = Object.fromEntries(fixing.map(([name, value]) => [name, fromJson(value)]));
  for (const [name, value] of Object.entries(values))
    if (isNumbers(value) && takesArrays(name) && (isOfRows(name) ? rows : cols) === undefined)
      throw new UserError(
        `${name} is fixed, and the ${isOfRows(name) ? 'rows' : 'columns'} of its array are not`,
        `Declare ${isOfRows(name) ? 'rows' : 'cols'} too, or \`${name}: true\`.`,
      );
  const shape = createBatch(rows ?? 1, cols ?? 1, new Float32Array((rows ?? 1) * (cols ?? 1)));
  const { options: fixed = {} } = withOptions(shape, values);
  return {
    names,
    fixed,
    ...(isAlways && { alwaysProbabilities: true }),
  };
}

/** Whether a value of the option may be an array. */
function takesArrays(name: string): boolean {
  const { tiny } = optionSpecs[name as OptionName];
  return isOfRows(name) || tiny(1).some((value) => typeof value === 'object');
}

/** JSON has no -Infinity, and gives a text for it. */
function fromJson(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(fromJson);
  return value === MASKED ? Number.NEGATIVE_INFINITY : value;
}

/** Undoes {@link fromJson}. */
function toJson(value: number): number | string {
  return value === Number.NEGATIVE_INFINITY ? MASKED : value;
}

const MASKED = '-Infinity';

/** The inverse: what declares these options, as JSON holds it. */
export function declarationOfTaken(
  taken: NonNullable<Target['options']>,
): NonNullable<Declaration['options']> {
  return Object.fromEntries(
    Object.entries(taken).map(([operation, each]) => {
      const { names, fixed, alwaysProbabilities } = each;
      const isAlways = (name: string): boolean => name === 'probabilities' && alwaysProbabilities === true;
      const free = names.map((name) => [name, isAlways(name) ? 'always' : true] as const);
      const values = Object.entries(fixed).map(([name, value]) => [
        name,
        typeof value === 'object'
          ? Array.from(value, toJson)
          : typeof value === 'number'
            ? toJson(value)
            : value,
      ]);
      return [operation, Object.fromEntries([...free, ...values])];
    }),
  );
}

/** The laws that a declaration does not except, or asks for. */
export function lawsOf({
  views = true,
  repeatable = true,
  batchInvariant = false,
  nonFinite = true,
  layouts,
}: Declaration): Law[] {
  const declared: Partial<Record<Law, boolean>> = {
    view: views,
    repeatable,
    'batch-invariant': batchInvariant,
    layout: hasLayout(layouts),
    'nan-isolation': nonFinite,
  };
  return laws.filter((law) => declared[law] ?? true);
}
