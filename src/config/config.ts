/** What a folder says of its targets once and for all, in `softmax-fuzz.config.mjs` or its kin. */
import type { Operation } from '../core/operation.ts';
import type { Declaration } from '../core/target.ts';

/** A target: what it is, and what is declared of it in place of what it declares itself. */
export interface TargetConfig extends Omit<Declaration, 'name'> {
  /** What the command line would call it: `./kernel.mjs`, `lib:./libkernel.so`, `cmd:python3 kernel.py`, `stable`. */
  readonly target: string;
  /** Generated batches of a campaign of its own, as of `--runs`. */
  readonly runs?: number;
  /** What a campaign of its own may take, as of `--max-time`: `'60s'`. */
  readonly maxTime?: string;
  /** What shrinking may take of it, as of `--shrink-time`. */
  readonly shrinkTime?: string;
  /** How long a call may take: `'10s'`. */
  readonly timeout?: string;
  /** How long it may take to load: `'60s'`. */
  readonly startTimeout?: string;
  /** What its process may hold: `'4g'`. */
  readonly memory?: string;
}

/** Targets by their names, and what flags are where a command line does not give them. */
export interface Config {
  /** What `fuzz` runs, and what other commands take by its name. @defaultValue both built-in kernels */
  readonly targets?: Readonly<Record<string, string | TargetConfig>>;
  /** Only these operations. */
  readonly ops?: readonly Operation[];
  /** Generated batches. */
  readonly runs?: number;
  /** What all of a campaign may take: `'60s'`, `'5m'`, `'1h'`. */
  readonly maxTime?: string;
  /** What shrinking may take of it. */
  readonly shrinkTime?: string;
  /** Any integer of 32 bits. @defaultValue a random one, which is printed */
  readonly seed?: number;
  /** Every batch has exactly so many rows. */
  readonly rows?: number;
  /** Every row has exactly so many logits. */
  readonly cols?: number;
  /** Whether warnings fail too. @defaultValue false */
  readonly strict?: boolean;
  /** The file of an earlier run, whose findings are known. */
  readonly baseline?: string;
  /** How many processes explore. */
  readonly workers?: number;
  /** Where files go. @defaultValue 'reports' */
  readonly reports?: string;
  /** Where the inputs are that are tried first. @defaultValue regressions in the reports folder */
  readonly regressions?: string;
  /** The most logits that a batch in a file may have. */
  readonly maxLogits?: number;
  /** The share of the batches that decimal.js judges number by number. */
  readonly audit?: number;
  /** How long a call may take: `'10s'`. */
  readonly timeout?: string;
  /** How long it may take to load: `'60s'`. */
  readonly startTimeout?: string;
  /** What a target's process may hold: `'4g'`. */
  readonly memory?: string;
  /** Whether modules are loaded into the campaign's own process. @defaultValue false */
  readonly inProcess?: boolean;
}

/** The configuration as it is given: for editors, which complete and check what is written in it. */
export function defineConfig(config: Config): Config {
  return config;
}
