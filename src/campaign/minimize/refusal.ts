/** Shrinks what a kernel refuses for its size: the size alone is bisected, for as long as it gives the same message. */
import type { Batch } from '../../core/batch.ts';
import type { SizeBoundary } from '../../core/finding.ts';
import { bucketOf, type Kind, type Violation } from '../../core/violation.ts';
import type { Shrunk } from '../../shrink/descend.ts';
import { type SizeQuestions, sizeBoundary, smallestOfZeros } from '../../shrink/sizes.ts';

/** Whether a call that ends so may have ended for its size: there was no answer of the right length. */
export function isRefusal(kind: Kind): boolean {
  return kind === 'threw' || kind === 'bad-shape' || kind === 'crashed' || kind === 'out-of-memory';
}

/** What a refusal shrinks to. It is minimal where it begins with a size. */
export interface ShrunkRefusal {
  readonly shrunk: Shrunk;
  readonly size: SizeBoundary | null;
}

/** The smallest batch of zeros that is refused as `batch` is, in this bucket and in the same words but for numbers; null where zeros of its shape are not. */
export async function shrinkRefusal(
  batch: Batch,
  bucket: string,
  violations: (batch: Batch) => Promise<readonly Violation[]>,
  sizes: Omit<SizeQuestions, 'fails'>,
): Promise<ShrunkRefusal | null> {
  let evaluations = 0;
  let improvements = 0;
  const wordsOf = async (of: Batch): Promise<string | undefined> => {
    evaluations++;
    const violation = (await violations(of)).find((each) => bucketOf(each) === bucket);
    return violation && String(violation.detail).replace(/\d+/g, '#');
  };
  const words = await wordsOf(batch);
  if (words === undefined) return null;
  const fails = async (other: Batch): Promise<boolean> => (await wordsOf(other)) === words;
  const smallest = await smallestOfZeros(batch, {
    ...sizes,
    fails: async (zeros) => {
      const failed = await fails(zeros);
      if (failed) improvements++;
      return failed;
    },
  });
  if (smallest === null) return null;
  const size = await sizeBoundary(smallest, { ...sizes, fails }, true);
  return { shrunk: { batch: smallest, evaluations, improvements, minimal: size !== null }, size };
}
