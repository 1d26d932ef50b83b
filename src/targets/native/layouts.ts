/**
 * The layouts that functions of C take, by their parameters. `inner` beside rows and cols: the arrays are outer x cols x inner, and what is called rows is outer. A stride of a
 * function of many rows is the distance between their beginnings, of one without rows that between the numbers of its row.
 */
import type { LayoutName } from '../../core/layout.ts';
import { definitions, type Operation } from '../../core/operation.ts';
import type { Declaration } from '../../core/target.ts';
import { UserError } from '../../text/errors.ts';
import type { Binding, BoundParameter, Role } from './binding.ts';
import type { WantedFunction } from './functions.ts';
import type { Parameter } from './prototype.ts';

/** The size behind the softmax's dimension, and distances: of all arrays of a number a logit, of the logits, of the answer. */
export type LayoutRole = 'inner' | 'stride' | 'logitsStride' | 'outStride';

const logits = '(?:x|in|inputs?|src|logits?|scores?)';
const out = '(?:y|o|out|outputs?|dst|dest|probs?)';

/** Names without regard to case and underscores. */
const names: readonly (readonly [role: LayoutRole, names: RegExp])[] = [
  ['inner', /^(inner(size|dim|count)?|spatial(size|dim)?|hw)$/],
  ['stride', /^((row)?stride|ld|leadingdim(ension)?|inc|step)$/],
  ['logitsStride', new RegExp(`^(${logits}(row)?stride|(row)?stride${logits}|ld${logits}|inc${logits})$`)],
  ['outStride', new RegExp(`^(${out}(row)?stride|(row)?stride${out}|ld${out}|inc${out})$`)],
];

/** Whether a parameter is given a number that depends on the layout: the rows too. */
export function isOfLayout(role: Role): role is 'rows' | LayoutRole {
  return role === 'rows' || role === 'inner' || /stride$/i.test(role);
}

/** What a number is given by its name in lower case without underscores; null where that is no word of layouts. */
export function layoutRoleOf(key: string): LayoutRole | null {
  return names.find(([, each]) => each.test(key))?.[0] ?? null;
}

/** The roles, where `outer` and `inner` alone are rows and columns. */
export function withInner(
  parameters: readonly Parameter[],
  roles: readonly (Role | null)[],
): (Role | null)[] {
  const isSize = (role: Role | null, k: number): boolean =>
    role === 'rows' || role === 'cols' || (role === null && !parameters[k].isPointer);
  const sizes = roles.filter(isSize).length;
  return roles.map((role) => (role === 'inner' && sizes < 2 && !roles.includes('cols') ? 'cols' : role));
}

/** @throws UserError when the parameters of a layout do not go together. */
export function checkLayout(parameters: readonly BoundParameter[], operation: Operation): void {
  const has = (...roles: readonly Role[]): boolean => parameters.some(({ role }) => roles.includes(role));
  const isByRow = !has('rows');
  const hint =
    'Known are int outer, int cols, int inner; int rows, int cols, int stride (or x_stride, y_stride; ldx, ldy); and of one row int n, int stride. Give numbers to others: int stride = 1.';
  if (has('inner') && isByRow) throw new UserError('it takes inner, and no outer', hint);
  if (has('inner') && has('stride', 'logitsStride', 'outStride'))
    throw new UserError('it takes inner, and a stride', hint);
  if (has('stride') && has('logitsStride', 'outStride'))
    throw new UserError('it takes a stride, and one of an array by itself', hint);
  const answersLogits = definitions[operation].answers === 'logit';
  if (has('outStride') && !(has('out') && answersLogits))
    throw new UserError('it takes a stride of its answer, whose numbers are not in rows', hint);
  if (isByRow && has('out') && answersLogits && has('logitsStride') !== has('outStride'))
    throw new UserError(
      `it takes the distance between the numbers of ${has('outStride') ? 'its answer' : 'a row'} alone`,
      hint,
    );
  if (isByRow && has('upstream') && has('logitsStride'))
    throw new UserError('it takes the distance between logits, and none between upstream values', hint);
}

/** The layouts that a function takes. */
export function layoutsOfBinding({
  parameters,
  isByRow,
}: Pick<Binding, 'parameters' | 'isByRow'>): LayoutName[] {
  if (parameters.some(({ role }) => role === 'inner')) return ['rows', 'inner'];
  const isStrided = parameters.some(({ role }) => /stride$/i.test(role));
  return isStrided ? ['rows', isByRow ? 'inner' : 'rowStride'] : ['rows'];
}

/**
 * The declaration, with the layouts that the parameters of `functions` declare.
 * @throws UserError when it declares some itself.
 */
export function withLayouts(declaration: Declaration, functions: readonly WantedFunction[]): Declaration {
  if (declaration.layouts !== undefined)
    throw new UserError(
      'it declares layouts, which functions of C have by their parameters',
      'Name them int inner beside int outer and int cols, or int stride.',
    );
  const taken = functions
    .map(({ binding }) => [binding.operation, layoutsOfBinding(binding)] as const)
    .filter(([, layouts]) => layouts.length > 1);
  return taken.length === 0 ? declaration : { ...declaration, layouts: Object.fromEntries(taken) };
}
