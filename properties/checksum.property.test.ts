/**
 * Law: a file that a campaign or a sweep goes on from is read as it was written, or refused. Whatever byte of a state, of what a finding shrank to, or of a block has become
 * another, nothing else is counted.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { whole } from '../src/campaign/explore/shard.ts';
import { fuzz } from '../src/campaign/fuzz.ts';
import { withChecksum, withoutChecksum } from '../src/record/checksum.ts';
import { readShrunk, startJournal } from '../src/record/journal.ts';
import { parseState, planOf } from '../src/record/state-file.ts';
import { listJson } from '../src/record/store.ts';
import { sweepBlock } from '../src/sweep/block.ts';
import { formatBlock, parseBlock } from '../src/sweep/block-file.ts';
import { blocksOf, createPlan } from '../src/sweep/plan.ts';
import { builtinTarget } from '../src/targets/builtin.ts';
import { UserError } from '../src/text/errors.ts';
import { temporaryFolders } from './support/command.ts';

const makeFolder = temporaryFolders();
const naive = builtinTarget('naive');
const folder = makeFolder();
mkdirSync(join(folder, 'findings'));
const options = { seed: 1, runs: 5, operations: ['softmax'] as const, generation: { rows: 1, cols: 1 } };
const campaignPlan = planOf([naive], options);
await fuzz([naive], options, { journal: startJournal(folder, campaignPlan, whole) });
const [shrunk] = listJson(join(folder, 'shrunk'));
/** Of which the file is called so. */
const bucket = basename(shrunk, '.json').replace(/^0-/, '');

const sweepPlan = createPlan('logSumExp', 'sequential', {
  stride: 99_991,
  from: 2 ** 31,
  to: 2 ** 31 + 2 ** 22,
});
const [first] = blocksOf(sweepPlan);

/** A file's text, and what is read of one. */
const files: Readonly<Record<string, { text: string; read: (text: string) => unknown }>> = {
  'a state': {
    text: readFileSync(join(folder, 'state.json'), 'utf8'),
    read: (text) => parseState(text, 'x'),
  },
  'what a finding shrank to': {
    text: readFileSync(shrunk, 'utf8'),
    read(text) {
      writeFileSync(shrunk, text);
      return readShrunk(folder, campaignPlan, 0, bucket);
    },
  },
  'a block of a sweep': {
    text: formatBlock(await sweepBlock(naive, sweepPlan, first)),
    read: (text) => parseBlock(text, 'x', sweepPlan),
  },
};

describe.each(Object.entries(files))('%s', (_, { text, read }) => {
  const right = read(text);
  if (right === null) throw new Error('nothing was read');

  it('should be refused, or be what it was, with any byte another', () => {
    const bytes = Buffer.from(text);
    let refused = 0;
    fc.assert(
      fc.property(
        fc.nat(bytes.length - 1),
        fc.constantFrom(...'0123456789abcdef",:{}[]- ').map((c) => c.charCodeAt(0)),
        (at, byte) => {
          const changed = Buffer.from(bytes);
          changed[at] = byte;
          let result: unknown;
          try {
            result = read(changed.toString());
          } catch (error) {
            expect(error).toBeInstanceOf(UserError);
            refused++;
            return;
          }
          expect(result).toEqual(right);
        },
      ),
      { seed: 16, numRuns: 200 },
    );
    expect(refused).toBeGreaterThan(150);
  });

  it('should be read without a checksum, as earlier versions wrote it, and with other blanks', () => {
    const { sha256, ...rest } = JSON.parse(text);
    expect(sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(read(JSON.stringify(rest))).toEqual(right);
    expect(read(JSON.stringify({ ...rest, sha256 }, null, 3))).toEqual(right);
  });
});

describe('a checksum', () => {
  it('should fit what it was made of, and nothing else', () => {
    const json = fc.dictionary(fc.string(), fc.jsonValue()).filter((value) => !('sha256' in value));
    fc.assert(
      fc.property(json, json, (a, b) => {
        const text = withChecksum(a);
        expect(JSON.parse(withoutChecksum(text, 'x', 'y'))).toEqual(JSON.parse(JSON.stringify(a)));
        const { sha256 } = JSON.parse(text);
        if (JSON.stringify(a) !== JSON.stringify(b))
          expect(() => withoutChecksum(JSON.stringify({ ...b, sha256 }), 'x', 'y')).toThrow(
            'x was changed or damaged since it was written: it does not fit its sha256',
          );
      }),
      { seed: 16 },
    );
  });
});
