/** How a kernel is tested, and which part of it says what. */
import type { FuzzOptions } from '../campaign/fuzz.ts';
import { operations } from '../core/operation.ts';
import type { Declaration } from '../core/target.ts';
import { declarationFields, parseDeclaration } from '../targets/declaration.ts';
import { unknownName } from '../text/nearest.ts';

/** What of a campaign may be chosen. */
type CampaignOptions = Pick<
  FuzzOptions,
  'runs' | 'maxTimeMs' | 'shrinkTimeMs' | 'operations' | 'generation' | 'audit'
>;

/** What concerns tests alone. */
interface OwnOptions {
  /** Whether warnings fail too. @defaultValue false */
  readonly strict?: boolean | undefined;
  /** The folder in which `regressions` is read, and below which failures are written. @defaultValue 'reports' */
  readonly reports?: string | undefined;
  /** What the command line calls the kernel, `./my-softmax.mjs`: failures then give the line that replays them there. */
  readonly specifier?: string | undefined;
  /** How long a test may take, in ms. @defaultValue a minute more than maxTimeMs */
  readonly timeout?: number | undefined;
}

/** What a kernel declares of itself, the campaign that each of its operations has, and what fails. */
export interface KernelTestOptions extends Omit<Declaration, 'name'>, CampaignOptions, OwnOptions {
  /** Any integer; the same seed and options give the same findings. @defaultValue 1 */
  readonly seed?: number | undefined;
  /** Generated batches for each operation. @defaultValue 500, or without limit where maxTimeMs is given */
  readonly runs?: number | undefined;
}

/** The options, told apart. */
export interface Parts {
  readonly declaration: Declaration;
  readonly campaign: FuzzOptions;
  readonly own: OwnOptions;
}

const campaignFields = [
  'seed',
  'runs',
  'maxTimeMs',
  'shrinkTimeMs',
  'operations',
  'generation',
  'audit',
] as const satisfies readonly (keyof FuzzOptions)[];

const ownFields = [
  'strict',
  'reports',
  'specifier',
  'timeout',
] as const satisfies readonly (keyof OwnOptions)[];

const DEFAULT_RUNS = 500;

/**
 * The parts of the options, with defaults.
 * @throws UserError when there is no such option, or one of a declaration is wrong.
 */
export function partsOf(options: KernelTestOptions): Parts {
  const declared = declarationFields.filter((field) => field !== 'name');
  const fields = [...campaignFields, ...ownFields, ...declared];
  for (const field of Object.keys(options))
    if (!fields.includes(field)) throw unknownName('option of testKernel', field, fields, 'options');
  for (const operation of options.operations ?? [])
    if (!operations.includes(operation)) throw unknownName('operation', operation, operations);
  const { maxTimeMs } = options;
  const runs = maxTimeMs === undefined ? DEFAULT_RUNS : undefined;
  return {
    declaration: parseDeclaration(picked(options, declared), 'options'),
    campaign: { runs, ...picked(options, campaignFields), seed: options.seed ?? 1 },
    own: { timeout: 60_000 + (maxTimeMs ?? 0), ...picked(options, ownFields) },
  };
}

/** These fields, of those that are given. */
function picked<T extends object>(options: T, fields: readonly string[]): Partial<T> {
  const given = Object.entries(options).filter(
    ([field, value]) => fields.includes(field) && value !== undefined,
  );
  return Object.fromEntries(given) as Partial<T>;
}
