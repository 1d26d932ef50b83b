/** What the command's exit codes mean; the README lists them. */
export const exitCodes = {
  /** Every property held, or only known findings; a replay passes. */
  held: 0,
  /** A new finding; a replay still fails. */
  falsified: 1,
  /** Usage, configuration, a target that cannot load, or nothing was run. */
  usage: 2,
  /** A bug of softmax-fuzz. */
  bug: 70,
  /** Interrupted, with everything found so far on disk. */
  interrupted: 130,
} as const;
