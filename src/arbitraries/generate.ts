/** Adversarial batches, drawn directly: the path of a campaign. The one through fast-check is in batches.ts. */
import type { Batch } from '../core/batch.ts';
import { type Family, families, familiesNamed } from './families.ts';
import { createRandom, type Random } from './random.ts';
import { type ShapeOptions, shapeGenerator } from './shape.ts';
import { drawTarget } from './target.ts';
import { drawUpstream } from './upstream.ts';

/** Which batches to draw. */
export interface BatchOptions extends ShapeOptions {
  /** The names of the families to draw rows from: all unless given. */
  readonly families?: readonly string[] | undefined;
  /** Whether to draw upstream values too, for vector-Jacobian products. They change no logits. @defaultValue false */
  readonly upstream?: boolean | undefined;
}

/** A batch and the family that each of its rows came from, by name. */
export interface LabelledBatch {
  readonly batch: Batch;
  readonly families: readonly string[];
}

const wheelOfAll = wheelOf(families);

/**
 * A generator of batches. What it draws depends on `options` and the stream alone. Logits are finite or -Infinity; the
 * rows come from families drawn independently, and in one batch of eight all from one.
 * @throws UserError when a size is not a positive integer or a family does not exist.
 */
export function batchGenerator(options: BatchOptions = {}): (random: Random) => LabelledBatch {
  const drawShape = shapeGenerator(options);
  const wheel = options.families === undefined ? wheelOfAll : wheelOf(familiesNamed(options.families));

  return (random) => {
    const { rows, cols } = drawShape(random);
    const logits = new Float32Array(rows * cols);
    const targets = new Int32Array(rows);
    const names: string[] = [];
    const only = random.chance(1 / 8) ? random.pick(wheel) : undefined;
    for (let i = 0; i < rows; i++) {
      const family = only ?? random.pick(wheel);
      const row = rows === 1 ? logits : logits.subarray(i * cols, (i + 1) * cols);
      family.fill(random, row);
      targets[i] = drawTarget(random, row);
      names.push(family.name);
    }
    const upstream = options.upstream ? drawUpstream(streamOfItsOwn(random), rows, cols) : null;
    return { batch: { rows, cols, logits, targets, upstream }, families: names };
  };
}

/** One batch of {@link batchGenerator}, for a stream of its own. Throws as it does. */
export function generateLabelled(random: Random, options?: BatchOptions): LabelledBatch {
  return batchGenerator(options)(random);
}

/** A stream whose length does not show in `random`, which goes on by four words. */
function streamOfItsOwn(random: Random): Random {
  return createRandom([random.word(), random.word(), random.word(), random.word()]);
}

/** Each family as often as it weighs, so that picking one is picking an element. */
function wheelOf(chosen: readonly Family[]): readonly Family[] {
  return chosen.flatMap((family) => new Array<Family>(family.weight).fill(family));
}
