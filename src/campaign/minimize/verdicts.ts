/**
 * What was said of small batches on the way to the simplest, kept for all discoveries of a target: most shrink through the same
 * few thousand, and to call a kernel takes longer than to look.
 */
import type { Batch } from '../../core/batch.ts';
import type { Violation } from '../../core/violation.ts';
import { fingerprint } from '../../shrink/fingerprint.ts';

/** Larger batches are not kept: few discoveries share one. */
const MOST_LOGITS = 64;

/** No more are kept, some 30 MB. */
const MOST_KEPT = 100_000;

/** Whether verdicts on the batch are kept. */
export function isKept({ logits }: Batch): boolean {
  return logits.length <= MOST_LOGITS;
}

/** The verdicts on one target. */
export interface Verdicts {
  /**
   * What `ask` says of the batch, or said when it was asked the same `question` before: null where it said nothing, which is not kept.
   */
  readonly of: (
    question: string,
    batch: Batch,
    ask: () => Promise<readonly Violation[] | null>,
  ) => Promise<readonly Violation[] | null>;
}

/** No verdicts yet. */
export function createVerdicts(): Verdicts {
  const kept = new Map<string, readonly Violation[]>();
  return {
    async of(question, batch, ask) {
      if (!isKept(batch)) return ask();
      const name = `${question} ${fingerprint(batch)}`;
      const known = kept.get(name);
      if (known !== undefined) return known;
      const said = await ask();
      if (said !== null && kept.size < MOST_KEPT) kept.set(name, said);
      return said;
    },
  };
}
