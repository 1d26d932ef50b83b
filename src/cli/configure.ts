/** Gives a command what its folder's configuration says and its command line does not. */
import { type Command, InvalidArgumentError } from 'commander';
import type { Config } from '../config/config.ts';
import { findConfig } from '../config/find.ts';
import type { Reach } from '../targets/process/reach.ts';
import { UserError } from '../text/errors.ts';
import {
  batchSize,
  duration,
  memorySize,
  runCount,
  seedNumber,
  share,
  someDuration,
  workerCount,
} from './options.ts';

/** What a target may take, and how it is reached. */
export interface Configured {
  /** What the command line would call it. */
  readonly specifier: string;
  readonly reach: Reach;
  readonly budget: Budget;
}

/** What a campaign may take. */
export interface Budget {
  readonly runs?: number | undefined;
  readonly maxTime?: number | undefined;
  readonly shrinkTime?: number | undefined;
}

/** The targets of a configuration, by their names, with what the command line says of them too. */
export type ConfiguredTargets = ReadonlyMap<string, Configured>;

/** How values are read: as their flags are. The others are what they are. */
const readers: Readonly<Record<string, (text: string) => unknown>> = {
  runs: runCount,
  maxTime: duration,
  shrinkTime: duration,
  seed: seedNumber,
  rows: batchSize,
  cols: batchSize,
  workers: workerCount,
  audit: share,
  timeout: someDuration,
  startTimeout: someDuration,
  memory: memorySize,
};

/** What a target may have of its own. */
type Limited = keyof Budget | 'timeout' | 'startTimeout' | 'memory';

/** The commands that a configuration says nothing to. */
const others: ReadonlySet<string> = new Set(['oracle', 'init']);

/**
 * Sets the options that the configuration in the current folder has and the command line has not, and `configured` to its targets.
 * @throws UserError when it has what it may not have.
 */
export async function configure(command: Command): Promise<void> {
  const file = others.has(command.name()) ? null : findConfig();
  if (file === null) return;
  const [{ loadConfig }, { declaredOf }] = await Promise.all([
    import('../config/load.ts'),
    import('../config/schema.ts'),
  ]);
  const { targets = {}, ...defaults }: Config = await loadConfig(file);
  const isGiven = (key: string): boolean =>
    !['config', 'default', undefined].includes(command.getOptionValueSource(key));
  for (const [key, value] of Object.entries(defaults)) {
    const read = readValue(key, value, file);
    if (!isGiven(key) && command.options.some((option) => option.attributeName() === key))
      command.setOptionValueWithSource(key, read, 'config');
  }
  const configured = new Map<string, Configured>();
  for (const [name, target] of Object.entries(targets)) {
    const entry = typeof target === 'string' ? { target } : target;
    /** The flag's value; the target's own where it is not given; and else the default of all. */
    const preferred = (key: Limited): number | undefined => {
      const own =
        entry[key] === undefined ? undefined : readValue(key, entry[key], `${file}, at targets.${name}`);
      return (isGiven(key) ? undefined : own) ?? command.getOptionValue(key);
    };
    configured.set(name, {
      specifier: entry.target,
      reach: {
        declared: { ...declaredOf(entry), name },
        timeoutMs: preferred('timeout'),
        startMs: preferred('startTimeout'),
        memoryBytes: preferred('memory'),
      },
      budget: { runs: preferred('runs'), maxTime: preferred('maxTime'), shrinkTime: preferred('shrinkTime') },
    });
  }
  command.setOptionValueWithSource('configured', configured, 'config');
}

function readValue(key: string, value: unknown, place: string): number {
  try {
    return (readers[key]?.(String(value)) ?? value) as number;
  } catch (error) {
    if (!(error instanceof InvalidArgumentError)) throw error;
    throw new UserError(`${place}, at ${key}: ${error.message}`);
  }
}
