/**
 * Law: whatever has become of a file or of what a program says, reading it and going on with it gives a result or a UserError, which says what is wrong. Nothing else is
 * thrown, which would be exit 70 and a stack. `npm run test:hostile` tries as many as TRIES says of each reader, and asks how long and how much memory the worst takes.
 */
import { appendFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { explainFailure } from '../src/cli/failure.ts';
import { UserError } from '../src/text/errors.ts';
import { temporaryFolders } from './support/command.ts';
import { mutated } from './support/mutations.ts';
import { createReaders, type Reader } from './support/readers.ts';

/** What `npm run test:hostile` sets: how many files a reader, and the file to which it is written what came of them. */
const { TRIES, FIGURES } = process.env;
const tries = Number(TRIES ?? 40);
const readers: Readonly<Record<string, Reader>> = await createReaders(temporaryFolders()());

describe.each(Object.entries(readers))('reader of a %s', (name, { texts, read }) => {
  it('should take what is right', async () => {
    for (const text of texts) await read(text);
  });

  it('should refuse what is wrong, or make sense of it, and throw nothing else', async () => {
    const figures = { name, tries: 0, refused: 0, slowestMs: 0, bytes: 0 };
    const { rss } = process.memoryUsage();
    await fc.assert(
      fc.asyncProperty(mutated(texts), async (text) => {
        const start = performance.now();
        try {
          await read(text);
        } catch (error) {
          if (!(error instanceof UserError)) throw error;
          expect(explainFailure(error)).toMatchObject({
            exitCode: 2,
            text: expect.stringMatching(/^softmax-fuzz: .+\n(.+\n)?$/),
          });
          figures.refused++;
        }
        figures.slowestMs = Math.max(figures.slowestMs, performance.now() - start);
        figures.bytes = Math.max(figures.bytes, process.memoryUsage.rss() - rss);
        figures.tries++;
      }),
      { numRuns: tries, seed: 1 },
    );
    expect(figures.refused).toBeGreaterThan(tries / 10);
    if (FIGURES === undefined) return; // Time and memory decide nothing where others work beside.
    appendFileSync(FIGURES, `${JSON.stringify(figures)}\n`);
    expect(figures.slowestMs).toBeLessThan(1000);
    expect(figures.bytes).toBeLessThan(300 * 2 ** 20);
  });
});
