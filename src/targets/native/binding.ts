/**
 * What the parameters of a C function are for: by their types and names, and where these leave no doubt by what is left.
 * A function without `rows` is of one row, and is called for each.
 */
import { definitions, type Operation, usesTargets, usesUpstream } from '../../core/operation.ts';
import type { Reduction } from '../../core/options.ts';
import { UserError } from '../../text/errors.ts';
import { checkLayout, type LayoutRole, layoutRoleOf, withInner } from './layouts.ts';
import { type OptionRole, optionRoleOf } from './options.ts';
import { isInteger, isWord, type Parameter, type Prototype } from './prototype.ts';

/** What a parameter is given: an array, a size, the class of the row, an option, or always the same number. */
export type Role =
  | 'logits'
  | 'upstream'
  | 'out'
  | 'targets'
  | 'target'
  | 'rows'
  | 'cols'
  | LayoutRole
  | OptionRole
  | 'constant';

/** A parameter and what it is given. */
export interface BoundParameter extends Parameter {
  readonly role: Role;
  /** Of what is always the same number, the option that it would be, if any. */
  readonly option: OptionRole | null;
}

/** How a function answers an operation. */
export interface Binding {
  readonly operation: Operation;
  readonly parameters: readonly BoundParameter[];
  readonly result: string;
  readonly isByRow: boolean;
  /** What holds the answer afterwards: `out`, an array that is overwritten, or null where it is what is returned. */
  readonly answer: 'out' | 'logits' | 'upstream' | null;
  /** Whether a loss is given for each row, not one of all. */
  readonly isLossOfRow: boolean;
  /** Reductions in the order of their numbers, from 0. */
  readonly reductions: readonly Reduction[];
}

/** Whether a loss takes probabilities alone, and no class indices. */
export function isDense({ parameters }: Pick<Binding, 'parameters'>): boolean {
  return !parameters.some(({ role }) => role === 'targets' || role === 'target');
}

/** Names without regard to case and underscores, and without `ptr`, `data` or `buf` behind. */
type Names = readonly (readonly [role: Role, names: RegExp])[];
const arrayNames: Names = [
  ['upstream', /^(upstream|g|dy|gy|d?out(put)?grad|grad(out|output|probs|y)|dout|doutput|dprobs)$/],
  ['logits', /^(logits?|x|z|in|inp|inputs?|src|source|scores?)$/],
  ['out', /^(o|y|out|outputs?|dst|dest|results?|res|p|probs?|lse|loss|losses|d(x|in|input|logits|src))$/],
  ['out', /^(gx|grad(x|in|input|logits))$/],
];
const numberNames: Names = [
  ['target', /^(targets?|labels?|t|y|cls|idx|index)$/],
  ['rows', /^(rows?|b|bs|batch|batchsize|n(um)?rows?|height|outer|outersize)$/],
  ['cols', /^(cols?|columns|n(um)?cols?|c|classes|n(um)?classes|d|k|v|dim|len|length|size|count|num|width)$/],
  ['cols', /^(vocab|vocabsize|channels?|axissize|axislen|axislength|dimsize)$/],
];

const hint =
  'Name them logits, out, targets, upstream, rows, cols, or scale, temperature, softcap, mask, bias, sinks, of losses reduction, ignore_index, class_weights, label_smoothing, z_loss, probabilities, grad_output; make const what is only read, and give numbers to others: int axis = -1.';

/**
 * What the parameters of `prototype` are given, as a function of `operation`.
 * @throws UserError when one could be anything, two are the same, or one is missing.
 */
export function bindPrototype(
  { parameters, result }: Prototype,
  operation: Operation,
  reductions: readonly Reduction[],
): Binding {
  const roles = withInner(
    parameters,
    parameters.map((each) => roleOf(each, operation)),
  );
  fillArrays(parameters, roles, operation);
  fillSizes(parameters, roles);
  const bound = parameters.map((each, k): BoundParameter => {
    const role = roles[k];
    if (role === null) throw new UserError(`'${declare(each)}' could be anything`, hint);
    const first = roles.indexOf(role);
    if (first !== k && role !== 'constant')
      throw new UserError(`'${declare(parameters[first])}' and '${declare(each)}' are both ${role}`, hint);
    const option = role === 'constant' && !each.isPointer ? optionRoleOf(each, keyOf(each), operation) : null;
    if (option === 'reduction' && reductions[Number(each.value)] === undefined)
      throw new UserError(
        `'${declare(each)} = ${each.value}' is no reduction`,
        `They are ${reductions.map((name, k) => `${k} ${name}`).join(', ')}.`,
      );
    return { ...each, role, option };
  });
  checkNeeds(bound, operation);
  checkLayout(bound, operation);
  const isByRow = !roles.includes('rows');
  const sink = bound.find(({ role, isPointer }) => role === 'sink' && !isPointer);
  if (sink !== undefined && !isByRow)
    throw new UserError(
      `'${declare(sink)}' is one number for all rows`,
      'A sink is a number of each row: const float *sinks, or leave out rows, for a call for each.',
    );
  const answer = answerOf(bound, result, operation, isByRow);
  const out = bound.find(({ role }) => role === 'out');
  const reducing = bound.find(({ role, option }) => role === 'reduction' || option === 'reduction');
  if (reducing !== undefined && isByRow)
    throw new UserError(
      `'${declare(reducing)}' is of one row, which is not reduced`,
      'A function without rows answers each row: leave it out, or give it int rows too.',
    );
  return {
    operation,
    parameters: bound,
    result,
    isByRow,
    answer,
    isLossOfRow: isByRow || (/^losses$/i.test(out?.name ?? '') && reducing === undefined),
    reductions,
  };
}

/** What the type and the name of a parameter say; null where they say nothing. */
function roleOf(parameter: Parameter, operation: Operation): Role | null {
  const { type, isPointer, isConst, value } = parameter;
  if (value !== null) return 'constant';
  const key = keyOf(parameter);
  const option = optionRoleOf(parameter, key, operation);
  if (option !== null) {
    checkType(option, parameter);
    return option;
  }
  if (isPointer && type === 'uint8_t') return null;
  if (isPointer && isInteger(type)) return 'targets';
  if (isPointer ? type !== 'float' && !isWord(type) : !isInteger(type))
    throw new UserError(`'${declare(parameter)}' is nothing that a kernel is given`, hint);
  if (isPointer && /^grads?$/.test(key)) return isConst ? 'upstream' : 'out';
  const ofLayout = isPointer ? null : layoutRoleOf(key);
  if (ofLayout !== null) return ofLayout;
  const [role = null] = (isPointer ? arrayNames : numberNames).find(([, names]) => names.test(key)) ?? [];
  if (role === 'out' && isConst)
    throw new UserError(`'${declare(parameter)}' is const, and called an answer`, hint);
  return role;
}

/** @throws UserError when an option is of a type in which it is not given. */
function checkType(option: OptionRole, parameter: Parameter): void {
  const { type, isPointer } = parameter;
  if (isWord(type))
    throw new UserError(
      `'${declare(parameter)}' is of 16 bits`,
      'Options are float whatever the logits are.',
    );
  if (isPointer && !isInteger(type) && type !== 'float')
    throw new UserError(`'${declare(parameter)}' is of ${type}`, 'Arrays of options are float.');
  if (option === 'ignoreIndex' && /unsigned|uint|size_t/.test(type))
    throw new UserError(
      `'${declare(parameter)}' has no sign`,
      'An index that is ignored may be -100: expected int, or int64_t.',
    );
}

/** A parameter's name for {@link Names}. */
function keyOf({ name }: Parameter): string {
  return (name ?? '')
    .toLowerCase()
    .replaceAll('_', '')
    .replace(/(?<=.)(ptr|data|buf)$/, '');
}

/** Gives arrays without a role the one that is left for what is read, or what is written. */
function fillArrays(parameters: readonly Parameter[], roles: (Role | null)[], operation: Operation): void {
  const missing = (wanted: readonly Role[]): Role[] => wanted.filter((role) => !roles.includes(role));
  const left = (isConst: boolean): number[] =>
    roles.flatMap((role, k) =>
      role === null && isOfFloats(parameters[k]) && parameters[k].isConst === isConst ? [k] : [],
    );
  const [reads, inputs] = [
    left(true),
    missing(usesUpstream(operation) ? ['logits', 'upstream'] : ['logits']),
  ];
  if (reads.length === 1 && inputs.length === 1) roles[reads[0]] = inputs[0];
  const [writes, outputs] = [left(false), missing(['logits', 'out'])];
  if (writes.length === 1 && outputs.length > 0) roles[writes[0]] = outputs[0];
}

function isOfFloats({ type, isPointer }: Parameter): boolean {
  return isPointer && type !== 'uint8_t';
}

/** Gives numbers that are nameless, m or n the sizes that are left: one is cols, two are rows and cols. */
function fillSizes(parameters: readonly Parameter[], roles: (Role | null)[]): void {
  const left = roles.flatMap((role, k) =>
    role === null && !parameters[k].isPointer && /^[mn]?$/i.test(parameters[k].name ?? '') ? [k] : [],
  );
  const sizes = (['cols', 'rows'] as const).filter((role) => !roles.includes(role));
  if (left.length > sizes.length) return;
  for (const [place, k] of left.reverse().entries()) roles[k] = sizes[place];
}

function checkNeeds(bound: readonly BoundParameter[], operation: Operation): void {
  const has = (...wanted: readonly Role[]): boolean => bound.some(({ role }) => wanted.includes(role));
  const needs: readonly (readonly [what: string, has: boolean, needs: boolean])[] = [
    ['logits', has('logits'), true],
    ['cols', has('cols'), true],
    ['targets', has('targets', 'target', 'probabilities'), usesTargets(operation)],
    ['upstream', has('upstream'), usesUpstream(operation)],
  ];
  for (const [what, isThere, isNeeded] of needs) {
    if (isThere === isNeeded) continue;
    const verb = isThere ? 'takes' : 'takes no';
    throw new UserError(`it ${verb} ${what}: by its name it is ${operation}`, hint);
  }
  if (has('target') && has('rows')) throw new UserError('it takes one target for many rows', hint);
  if (has('ignoreIndex') && !has('targets', 'target'))
    throw new UserError('it takes an index to ignore, and no indices', hint);
}

/** See {@link Binding.answer}. */
function answerOf(
  bound: readonly BoundParameter[],
  result: string,
  operation: Operation,
  isByRow: boolean,
): Binding['answer'] {
  if (bound.some(({ role }) => role === 'out')) return 'out';
  const { answers } = definitions[operation];
  const isOneNumber = answers === 'batch' || (answers === 'row' && isByRow);
  if (isOneNumber && (result === 'float' || result === 'double')) return null;
  const written = bound.filter(({ role, isConst }) => !isConst && (role === 'logits' || role === 'upstream'));
  if (written.length === 0 || answers !== 'logit')
    throw new UserError(`it has nothing to answer ${operation} in`, hint);
  if (written.length > 1)
    throw new UserError(`it may answer in ${written.map((each) => `'${declare(each)}'`).join(' or ')}`, hint);
  return written[0].role as 'logits' | 'upstream';
}

/** The parameter in C. */
function declare({ name, type, isPointer, isConst }: Parameter): string {
  return `${isConst ? 'const ' : ''}${type} ${isPointer ? '*' : ''}${name ?? ''}`.trim();
}
