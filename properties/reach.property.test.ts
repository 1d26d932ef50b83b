/** However a target is reached, and wherever the caller's arrays lie, it is given what was meant. */
import { resolve } from 'node:path';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Batch } from '../src/core/batch.ts';
import type * as Placing from '../src/core/placement.ts';
import type * as Observing from '../src/targets/observe.ts';
import type * as Resolving from '../src/targets/resolve.ts';
import { temporaryFolders } from './support/command.ts';
import { echoed, echoOf, echoSpecifiers } from './support/echo.ts';

/** Where an array lies: so many numbers into its buffer, of which so many are behind it. */
interface Place {
  readonly before: number;
  readonly behind: number;
}

const anyPlace: fc.Arbitrary<Place> = fc.oneof(
  fc.constantFrom({ before: 0, behind: 0 }, { before: 0, behind: 5 }, { before: 40, behind: 0 }),
  fc.record({ before: fc.integer({ min: 1, max: 3 }), behind: fc.nat(3) }),
  fc.constant({ before: 0, behind: 100_000 }),
);

/** The numbers at their place, among others that are none of them. */
function lay<A extends Float32Array | Int32Array>(numbers: A, { before, behind }: Place): A {
  const ArrayOf = numbers.constructor as new (length: number) => A;
  const all = new ArrayOf(before + numbers.length + behind).fill(77) as A;
  all.set(numbers, before);
  return all.subarray(before, before + numbers.length) as A;
}

const number = fc.oneof(fc.float(), fc.constantFrom(0, -0, Number.NaN, 1e-45, Number.POSITIVE_INFINITY));

const anyBatch: fc.Arbitrary<Batch> = fc
  .tuple(fc.constantFrom(1, 2, 4), fc.integer({ min: 1, max: 20 }))
  .chain(([rows, cols]) => {
    const numbers = (each: fc.Arbitrary<number>) =>
      fc.array(each, { minLength: rows * cols, maxLength: rows * cols });
    return fc
      .record({
        logits: numbers(number),
        targets: fc.array(fc.nat(cols - 1), { minLength: rows, maxLength: rows }),
        upstream: fc.option(numbers(fc.float({ noNaN: true, noDefaultInfinity: true }))),
        places: fc.tuple(anyPlace, anyPlace, anyPlace),
      })
      .map(({ logits, targets, upstream, places }) => ({
        rows,
        cols,
        logits: lay(Float32Array.from(logits), places[0]),
        targets: lay(Int32Array.from(targets), places[1]),
        upstream: upstream && lay(Float32Array.from(upstream), places[2]),
      }));
  });

describe('a target', () => {
  const folder = temporaryFolders()();
  const specifiers = echoSpecifiers(folder);
  let resolving: typeof Resolving;
  let observing: typeof Observing;
  let placing: typeof Placing;
  beforeAll(async () => {
    // The host is a program of its own, and runs from what is built; so does what asks it.
    resolving = await import(resolve('dist/targets/resolve.js'));
    observing = await import(resolve('dist/targets/observe.js'));
    placing = await import(resolve('dist/core/placement.js'));
  });

  it.each<[string, string | null, boolean]>([
    ['a module in this process', specifiers.module, true],
    ['a module in a process of its own', specifiers.module, false],
    ['a program', specifiers.program, false],
    ['a library', specifiers.library, false],
    ['WebAssembly in this process', specifiers.wasm, true],
    ['WebAssembly in a process of its own', specifiers.wasm, false],
  ])('that is %s should be given what was meant, wherever it lies', async (_how, specifier, inProcess) => {
    if (specifier === null)
      return void process.stderr.write('reach: no library, there is no C compiler cc\n');
    const target = await resolving.resolveTarget(specifier, { inProcess });
    await fc.assert(
      fc.asyncProperty(anyBatch, fc.constantFrom(...echoed), async (batch, operation) => {
        const share = specifier === specifiers.wasm && operation === 'crossEntropyGrad' ? batch.rows : 1;
        const meant = Float32Array.from(echoOf(operation, batch), (x) => x / share);
        const answered = { status: 'answered', output: meant };
        expect(await observing.observe(target, operation, batch)).toMatchObject(answered);
        if (!target.laws.includes('view')) return;
        for (const placement of placing.placements)
          expect(await observing.observeInViews(target, operation, batch, placement)).toMatchObject(answered);
      }),
      { seed: 1, numRuns: 150 },
    );
  });
});
