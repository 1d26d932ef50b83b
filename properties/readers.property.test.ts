/**
 * Law: whatever has become of a file or of what a program says, reading it and going on with it gives a result or a UserError, which says what is wrong. Nothing else is
 * thrown, which would be exit 70 and a stack. `npm run test:hostile` tries as many more as TRIES says.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UserError } from '../src/core/errors.ts';
import { temporaryFolders } from './support/command.ts';
import { mutated } from './support/mutations.ts';
import { createReaders, type Reader } from './support/readers.ts';

const tries = Number(process.env['TRIES'] ?? 40);
const folder = temporaryFolders()();
const readers: Readonly<Record<string, Reader>> = await createReaders(folder);

describe.each(Object.entries(readers))('reader of a %s', (_name, { texts, read }) => {
  it('should take what is right', async () => {
    for (const text of texts) await read(text);
  });

  it('should refuse what is wrong, or make sense of it, and throw nothing else', async () => {
    let refused = 0;
    await fc.assert(
      fc.asyncProperty(mutated(texts), async (text) => {
        try {
          await read(text);
        } catch (error) {
          if (!(error instanceof UserError)) throw error;
          refused++;
        }
      }),
      { numRuns: tries, seed: 1 },
    );
    expect(refused).toBeGreaterThan(tries / 10);
  });
});
