/**
 * Adversarial batches as a fast-check arbitrary.
 *
 * A class of its own rather than a composition of fast-check's: that fills a typed array directly, and shrinks a batch as
 * one thing, by rows, columns, ties and offsets, where nested arrays of fc.float end at 88.72283935546875 beside a spare 0.
 */
import { Arbitrary, type Random as FastCheckRandom, type Stream, stream, Value } from 'fast-check';
import type { Batch } from '../core/batch.ts';
import { createRandom } from '../core/random.ts';
import { candidates } from './candidates.ts';
import { type BatchGenerator, type BatchOptions, batchGenerator } from './generate.ts';

export type { BatchOptions } from './generate.ts';

/**
 * Batches of finite or masked (-Infinity) logits from the families of families.ts; of NaN and +Infinity too where
 * `options` names the family `non-finite`. They shrink to the simplest batch that
 * still fails, within the sizes that `options` fixes; so do the `examples` of a property.
 * @throws UserError when a size is not a positive integer or a family does not exist.
 */
export function batches(options: BatchOptions = {}): Arbitrary<Batch> {
  return new BatchArbitrary(options);
}

class BatchArbitrary extends Arbitrary<Batch> {
  readonly #options: BatchOptions;
  readonly #generate: BatchGenerator;

  constructor(options: BatchOptions) {
    super();
    this.#options = options;
    this.#generate = batchGenerator(options);
  }

  /** The bias is not used: the families are adversarial from the first run to the last. */
  override generate(source: FastCheckRandom): Value<Batch> {
    const word = () => source.nextInt(-(2 ** 31), 2 ** 31 - 1);
    const { batch } = this.#generate(createRandom([word(), word(), word(), word()]));
    return new Value(batch, undefined);
  }

  override canShrinkWithoutContext(value: unknown): value is Batch {
    return isBatch(value) && this.#hasFixedSizes(value);
  }

  override shrink(value: Batch): Stream<Value<Batch>> {
    return stream(candidates(value)[Symbol.iterator]())
      .filter((candidate) => this.#hasFixedSizes(candidate))
      .map((candidate) => new Value(candidate, undefined));
  }

  #hasFixedSizes({ rows, cols }: Batch): boolean {
    return rows === (this.#options.rows ?? rows) && cols === (this.#options.cols ?? cols);
  }
}

/** Whether `value` is made like a batch: createBatch checks the rest when one comes from outside. */
function isBatch(value: unknown): value is Batch {
  if (typeof value !== 'object' || value === null) return false;
  const { rows, cols, logits, targets, upstream } = value as Partial<Batch>;
  return (
    Number.isInteger(rows) &&
    Number.isInteger(cols) &&
    logits instanceof Float32Array &&
    targets instanceof Int32Array &&
    logits.length === Number(rows) * Number(cols) &&
    targets.length === rows &&
    (upstream === null || (upstream instanceof Float32Array && upstream.length === logits.length))
  );
}
