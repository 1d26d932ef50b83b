/** Options of functions of C: the parameters that are given them, what they declare, and what is there for each call. */
import { UserError } from '../../core/errors.ts';
import type { Operation } from '../../core/operation.ts';
import type { Options, ScoreName } from '../../core/options.ts';
import type { Declaration, DeclaredOptions } from '../../core/target.ts';
import type { WantedFunction } from './functions.ts';
import { isInteger, type Parameter } from './prototype.ts';

/** What a parameter of an option is given; temperature is the inverse of scale. */
export type OptionRole = ScoreName | 'temperature';

/** Names without regard to case and underscores. */
const numbers: readonly (readonly [role: OptionRole, names: RegExp])[] = [
  ['scale', /^((sm|softmax|attn|logits?)?scale|beta|inv(erse)?temp(erature)?)$/],
  ['temperature', /^temp(erature)?$/],
  ['softcap', /^((logits?|attn)?(soft)?cap|capping)$/],
  ['sink', /^(attn)?sinks?$/],
];
const isMask = /^((attn|attention|bool|valid)?mask|keep|valid)$/;
const isBias = /^((attn|attention)?(bias|mask)|additivemask|alibi)$/;
const isSink = /^(attn)?sinks?$/;

/** The option that a parameter is given by its type and its name in lower case without underscores; null where it is none. */
export function optionRoleOf({ type, isPointer, value }: Parameter, key: string): OptionRole | null {
  if (!isPointer) {
    if (value === null && type !== 'float' && type !== 'double') return null;
    return numbers.find(([, names]) => names.test(key))?.[0] ?? null;
  }
  if (isInteger(type)) return isMask.test(key) ? 'mask' : null;
  if (isBias.test(key)) return 'bias';
  return isSink.test(key) ? 'sink' : null;
}

/** The number that stands for an option that a call does not have. */
export const neutral: Readonly<Record<Exclude<OptionRole, 'mask' | 'bias'>, number>> = {
  scale: 1,
  temperature: 1,
  softcap: 0,
  sink: Number.NEGATIVE_INFINITY,
};

/** Whether a role is one of an option. */
export function isOptionRole(role: string): role is OptionRole {
  return role === 'mask' || role === 'bias' || Object.hasOwn(neutral, role);
}

/** Whether a number is that of no option. */
function isNeutral(role: OptionRole, value: number): boolean {
  return role !== 'mask' && role !== 'bias' && Object.is(neutral[role], value);
}

/**
 * The declaration, with the options that the parameters of `functions` declare: of any value, or where a prototype gives one, of that. What the declaration
 * says of an operation itself goes before.
 * @throws UserError when it declares an option of any value of which the function has no parameter.
 */
export function withParameters(declaration: Declaration, functions: readonly WantedFunction[]): Declaration {
  const options = { ...declaration.options } as Partial<Record<Operation, DeclaredOptions>>;
  for (const { declaration: text, binding } of functions) {
    const { operation, parameters } = binding;
    const said = options[operation];
    const free = parameters.flatMap(({ role }) => (isOptionRole(role) ? [role] : []));
    const fixed = parameters.flatMap(({ option, value }) =>
      option === null || value === null || isNeutral(option, value) ? [] : [[option, value] as const],
    );
    const named = said === undefined ? free : namesOf(said);
    const missing = named.find((name) => !free.includes(name));
    if (missing !== undefined)
      throw new UserError(
        `it declares that ${operation} takes ${missing}, and '${text}' has no parameter for it`,
        'Name one like float scale, const uint8_t *mask, const float *bias, float softcap or const float *sinks.',
      );
    const values = said === undefined || Array.isArray(said) ? {} : said;
    const taken = { ...Object.fromEntries([...named.map((name) => [name, true]), ...fixed]), ...values };
    if (Object.keys(taken).length > 0) options[operation] = taken;
  }
  return Object.keys(options).length === 0 ? declaration : { ...declaration, options };
}

function namesOf(declared: DeclaredOptions): readonly OptionRole[] {
  if (Array.isArray(declared)) return declared.filter(isOptionRole);
  const free = Object.entries(declared).filter(([, value]) => value === true);
  return free.map(([name]) => name).filter(isOptionRole);
}

/** The numbers of an array of an option, one a logit or one a row; null where the call does not have it. */
export function numbersOf(
  role: OptionRole,
  options: Options | undefined,
  rows: number,
  cols: number,
): Float32Array | Uint8Array | null {
  const value = options?.[role as ScoreName];
  if (value === undefined) return null;
  if (typeof value === 'number') return new Float32Array(rows).fill(value);
  const length = role === 'sink' ? rows : rows * cols;
  if (value.length === length) return value;
  return value.constructor === Uint8Array
    ? Uint8Array.from({ length }, (_, k) => value[k % cols])
    : Float32Array.from({ length }, (_, k) => value[k % cols]);
}

/** The number of an option at row `r`. */
export function numberOf(
  role: OptionRole,
  options: (Options & { readonly temperature?: number }) | undefined,
  r: number,
): number {
  const value = options?.[role];
  if (typeof value === 'number') return value;
  return value === undefined ? neutral[role as keyof typeof neutral] : value[r];
}
