/** What may stand in a configuration. Numbers within their ranges, durations and sizes are read as the flags of their names are. */
import * as v from 'valibot';
import { operations } from '../core/operation.ts';
import { checkJson } from '../record/parse.ts';
import { isBuiltin } from '../targets/builtin.ts';
import { declarationFields, parseDeclaration } from '../targets/declaration.ts';
import { locating, UserError } from '../text/errors.ts';
import { inert } from '../text/inert.ts';
import { nearestName } from '../text/nearest.ts';
import type { Config, TargetConfig } from './config.ts';

const number = v.optional(v.number());
const text = v.optional(v.pipe(v.string(), v.nonEmpty('expected a text that is not empty')));
const truth = v.optional(v.boolean());

const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const budgetEntries = {
  runs: number,
  maxTime: text,
  shrinkTime: text,
  timeout: text,
  startTimeout: text,
  memory: text,
};

const targetSchema = v.object({
  target: v.pipe(v.string(), v.nonEmpty('expected a target, like ./kernel.mjs')),
  ...budgetEntries,
});

const configSchema = v.object({
  targets: v.optional(
    v.custom<object>(isObject, "expected targets by their names, like { mine: './kernel.mjs' }"),
  ),
  ops: v.optional(
    v.array(
      v.picklist(
        operations,
        ({ input }) => `there is no operation ${String(input)}: they are ${operations.join(', ')}`,
      ),
    ),
  ),
  ...budgetEntries,
  seed: number,
  rows: number,
  cols: number,
  strict: truth,
  baseline: text,
  workers: number,
  reports: text,
  regressions: text,
  maxLogits: number,
  audit: number,
  inProcess: truth,
});

const ofConfigs = Object.keys(configSchema.entries);
const ofTargets = Object.keys(targetSchema.entries);
const ofDeclarations = declarationFields.filter((field) => field !== 'name');

/**
 * The configuration in `value`; `file` says in errors where it is from.
 * @throws UserError that names the place of what is unknown or of a wrong type, and what was expected.
 */
export function checkConfig(value: unknown, file: string): Config {
  if (!isObject(value))
    throw new UserError(
      `${file} gives no object`,
      "Expected one like export default { targets: { mine: './kernel.mjs' } };",
    );
  checkKeys(value, ofConfigs, file);
  const { targets, ...others } = checkJson(configSchema, value, file);
  return {
    ...others,
    ...(targets && {
      targets: Object.fromEntries(
        Object.entries(targets).map(([name, target]) => [name, checkTarget(name, target, file)]),
      ),
    }),
  } as Config;
}

function checkTarget(name: string, value: unknown, file: string): TargetConfig {
  const place = `${file}, at targets.${name}`;
  if (!/^[a-z][\w-]*$/i.test(name) || isBuiltin(name))
    throw new UserError(
      `${file}, at targets: '${inert(name, 80)}' is no name for a target`,
      'Expected letters, digits, - and _, a letter first, and no name of a built-in kernel.',
    );
  const entry = typeof value === 'string' ? { target: value } : value;
  if (!isObject(entry))
    throw new UserError(`${place}: expected './kernel.mjs', or an object like { target: './kernel.mjs' }`);
  checkKeys(entry, [...ofTargets, ...ofDeclarations], place);
  const own = checkJson(targetSchema, entry, place);
  const declared = Object.entries(entry).filter(([key]) => ofDeclarations.includes(key));
  return {
    ...own,
    ...locating(place, () => parseDeclaration(Object.fromEntries(declared), '')),
  } as TargetConfig;
}

/** @throws UserError where `value` has a key that is none of `keys`. */
function checkKeys(value: object, keys: readonly string[], place: string): void {
  const unknown = Object.keys(value).find((key) => !keys.includes(key));
  if (unknown === undefined) return;
  const nearest = nearestName(unknown, keys);
  throw new UserError(
    `${place}: there is no key '${inert(unknown, 80)}'${nearest === null ? '' : `; did you mean ${nearest}?`}`,
    `The keys are: ${keys.join(', ')}.`,
  );
}

/** What is declared of a target, apart from where it is and what it may take. */
export function declaredOf(target: TargetConfig): Omit<TargetConfig, keyof typeof targetSchema.entries> {
  return Object.fromEntries(Object.entries(target).filter(([key]) => ofDeclarations.includes(key)));
}
