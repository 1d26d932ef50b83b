/**
 * The cases of a campaign: the article's batch, then the saved counterexamples, then generated ones.
 *
 * Case k of a campaign depends on the seed and k alone, so that a campaign may be split in any way.
 */
import { articleBatch } from '../../arbitraries/article.ts';
import { families } from '../../arbitraries/families.ts';
import { type BatchOptions, type BatchRequest, batchGenerator } from '../../arbitraries/generate.ts';
import { type Shape, shapeGenerator } from '../../arbitraries/shape.ts';
import { drawUpstream } from '../../arbitraries/upstream.ts';
import type { Batch } from '../../core/batch.ts';
import type { Origin } from '../../core/finding.ts';
import { gridOf, inFormat, onGrid } from '../../core/grid.ts';
import { type Operation, usesTargets } from '../../core/operation.ts';
import type { Options } from '../../core/options.ts';
import { createRandom, type Random, type Seed } from '../../core/random.ts';
import type { Target } from '../../core/target.ts';
import type { FormatName } from '../../formats/index.ts';
import { asTaken, type Drawn, noneDrawn, takenBy } from '../../options/taken.ts';
import { requests } from './requests.ts';

/** What determines every case of a campaign. */
export interface CasePlan {
  /** An integer of 32 bits; a negative one is taken modulo 2^32. */
  readonly seed: number;
  readonly saved: readonly { readonly batch: Batch; readonly file: string }[];
  readonly generation: BatchOptions;
}

/** One input of a campaign. */
export interface Case {
  /** Without options, but for a saved one. */
  readonly batch: Batch;
  readonly origin: Origin;
  /** The options, of which an operation takes some: see {@link batchFor}. */
  readonly drawn: Drawn;
}

/** The options of a case: drawn ones, and those of a saved one. */
export function optionsIn({ batch, drawn }: Pick<Case, 'batch' | 'drawn'>): Options {
  return { ...drawn.options, ...batch.options };
}

/** The batch of a case as an operation of a target takes it. */
export function batchFor(its: Pick<Case, 'batch' | 'drawn'>, target: Target, operation: Operation): Batch {
  const { batch, drawn } = its;
  const given = asTaken(batch, takenBy(target, operation), { ...drawn, options: optionsIn(its) });
  return meant(given, target, operation);
}

/** The batch of a loss with options, with the target's semantics. */
function meant(batch: Batch, { semantics }: Pick<Target, 'semantics'>, operation: Operation): Batch {
  const { semantics: _, ...plain } = batch;
  if (semantics === undefined || !usesTargets(operation) || batch.options === undefined)
    return batch.semantics === undefined ? batch : plain;
  return { ...plain, semantics };
}

/** The cases that come before the generated ones, those of another shape than the plan's left out. */
export function givenCases({ saved, generation }: CasePlan): Case[] {
  const given: Case[] = [
    { batch: articleBatch, origin: { by: 'article' }, drawn: noneDrawn },
    ...saved.map(({ batch, file }): Case => ({ batch, origin: { by: 'saved', file }, drawn: noneDrawn })),
  ];
  return given.filter(({ batch }) => fits(batch, generation));
}

/** The batch, with upstream values where the options ask for some and it has none. */
function withUpstream(batch: Batch, seed: Seed, { upstream }: BatchOptions): Batch {
  if (!upstream || batch.upstream !== null) return batch;
  const drawn = drawUpstream(createRandom(seed), batch.rows, batch.cols);
  return { ...batch, upstream: onGrid(drawn, gridOf(batch)) };
}

/** Whether the batch has the rows and columns that the options fix, if they fix any. */
export function fits(batch: Batch, { rows, cols }: BatchOptions): boolean {
  return (rows === undefined || batch.rows === rows) && (cols === undefined || batch.cols === cols);
}

/**
 * What a campaign draws from unless told otherwise: every family, and shapes up to the lengths at which vector, block and
 * tile faults show. With those of requests.ts a batch has some 650 logits on average.
 */
const defaults: BatchOptions = {
  maxRows: 16,
  maxCols: 1100,
  maxCells: 8192,
  families: families.map(({ name }) => name),
};

/** Every case of a campaign by its number: generated ones from 0 up, given ones from -{@link Cases.given} to -1. */
export interface Cases {
  /** How many cases are given. */
  readonly given: number;
  /** The case of this number, on the grid of a format, FP32 unless given. What is generated is generated again each time. */
  readonly at: (number: number, format?: FormatName) => Case;
  /** The shape of the case of this number, which takes a hundredth of the time. */
  readonly shapeAt: (number: number) => Shape;
  /** The stream of a climb from the case of this number: the same for all of its climbs. */
  readonly climbing: (number: number) => Random;
  /** The shape that every case has, where it is fixed. */
  readonly shape: Pick<BatchOptions, 'rows' | 'cols'>;
}

/**
 * The cases of a plan.
 * @throws UserError when the plan's generation options are wrong.
 */
export function casesOf(plan: CasePlan): Cases {
  const { seed, generation } = plan;
  const given = givenCases(plan);
  const options = { ...defaults, ...stated(generation) };
  const draw = batchGenerator(options);
  const drawShape = shapeGenerator(options);
  const requestAt = requests(seed, generation);
  /** What comes first in the stream of a case. */
  const shapeFrom = (random: Random, number: number): BatchRequest =>
    requestAt(number, random) ?? drawShape(random);
  return {
    given: given.length,
    at(number, format) {
      if (number < 0) {
        const { batch, origin } = given[number + given.length];
        const complete = withUpstream(batch, caseSeed(seed, number), generation);
        return { batch: inFormat(complete, format), origin, drawn: noneDrawn };
      }
      const random = createRandom(caseSeed(seed, number));
      const { batch, families: names, drawn } = draw(random, shapeFrom(random, number), format);
      return { batch, origin: { by: 'generated', seed, case: number, families: names }, drawn };
    },
    shapeAt: (number) =>
      number < 0
        ? given[number + given.length].batch
        : shapeFrom(createRandom(caseSeed(seed, number)), number),
    climbing: (number) => createRandom(caseSeed(~seed, number)),
    shape: generation,
  };
}

/** The options that are given: an undefined one must not hide a default. */
function stated(options: BatchOptions): BatchOptions {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}

/**
 * The state from which case `index` draws: splitmix32-style finalisers (C. Murmur3's fmix32) over four counters,
 * so that neighboring cases and seeds share nothing that shows.
 */
function caseSeed(seed: number, index: number): Seed {
  const word = (k: number): number =>
    mix(mix(mix(seed ^ (k * 0x9e3779b9)) + index) ^ Math.floor(index / 2 ** 32));
  return [word(1), word(2), word(3), word(4)];
}

/** The finaliser of MurmurHash3, a bijection of 32-bit integers. */
function mix(x: number): number {
  let h = x | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}
