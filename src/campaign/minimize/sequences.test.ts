import { describe, expect, it } from 'vitest';
import { type Batch, batchOf } from '../../core/batch.ts';
import type { Call } from '../../core/call.ts';
import { FURTHER_CALLS } from '../../core/law.ts';
import { createTarget } from '../../targets/create.ts';
import { observe } from '../../targets/observe.ts';
import { reloadable } from '../../targets/reload.ts';
import { startOver } from '../../targets/start-over.ts';
import { createSequences, type Ending, findSequence, REPEATS } from './sequences.ts';

const small = { batch: batchOf([[0]]), bucket: 'small' };
const met = { batch: batchOf([[1, 2]]), bucket: 'met' };
const callOf = (...logits: number[]): Call => ({ operation: 'softmax', batch: batchOf([logits]) });
const told = ({ batch, bucket, before }: Ending): string =>
  [...before.map((call) => call.batch.logits.join()), `${bucket} ${batch.logits.join()}`].join('; ');

/**
 * What is found of a kernel, which answers NaN where it fails, given its calls so far and this one; and which sequences of some calls were asked
 * for.
 */
async function found(
  isWrong: (before: readonly Batch[], batch: Batch) => boolean,
  given: { prior?: readonly Call[]; earlier?: readonly Call[]; found?: readonly Ending[] },
) {
  const load = () => {
    const made: Batch[] = [];
    return createTarget('test', {
      softmax(logits) {
        const batch = batchOf([[...logits]]);
        const wrong = isWrong(made, batch);
        made.push(batch);
        return logits.map(() => (wrong ? Number.NaN : 1));
      },
    });
  };
  const target = reloadable(load(), async () => load());
  const fails = async (batch: Batch): Promise<boolean> => {
    const observed = await observe(target, 'softmax', batch);
    return observed.status === 'answered' && Number.isNaN(observed.output[0]);
  };
  const asked: string[] = [];
  const result = await findSequence({
    target,
    subjects: [small, met],
    prior: given.prior ?? [],
    earlier: () => given.earlier ?? [],
    found: given.found ?? [],
    async fails(ending) {
      asked.push(told(ending));
      await startOver(target, ending.before);
      return fails(ending.batch);
    },
    failsNow: ({ batch }) => fails(batch),
    share: createSequences().share(),
    isOver: () => false,
  });
  return { found: 'before' in result ? told(result) : result, asked };
}

describe('findSequence', () => {
  it('should try what others needed, their last call where its bucket is one of these', async () => {
    const others = [{ before: [callOf(7)], batch: batchOf([[3]]), bucket: 'met' }];
    const needs7 = (before: readonly Batch[]) => before.some(({ logits }) => logits[0] === 7);
    expect(await found(needs7, { found: others })).toEqual({
      found: '7; met 3',
      asked: new Array(REPEATS).fill('7; met 3'),
    });
    const elsewhere = [{ ...others[0], bucket: 'another' }];
    expect((await found(needs7, { found: elsewhere })).found).toBe('7; small 0');
  });

  it('should count how often the same call is made before it fails', async () => {
    const { asked, ...seventh } = await found((before) => before.length % 7 === 6, {});
    expect(seventh).toEqual({ found: '0; 0; 0; 0; 0; 0; small 0' });
    expect(asked).toHaveLength(REPEATS);
  });

  it('should try the calls of the process, then those of the campaign before what was met', async () => {
    const calls = { prior: [callOf(4), callOf(5)], earlier: [callOf(8), callOf(9)] };
    const needs = (logit: number) => (before: readonly Batch[], batch: Batch) =>
      batch.logits[0] < 2 && before.some(({ logits }) => logits[0] === logit);
    expect((await found(needs(5), calls)).found).toBe('4; 5; small 0');
    expect(await found(needs(8), calls)).toEqual({
      found: '8; 9; met 1,2',
      asked: ['4; 5; small 0', ...new Array(REPEATS).fill('8; 9; met 1,2')],
    });
  });

  it('should believe nothing that does not fail each time, and count', async () => {
    let times = 0;
    const twice = (before: readonly Batch[]) => before.length === 1 && ++times <= 2;
    const prior = [callOf(4)];
    // The same call again takes one of the two times for itself.
    expect((await found(twice, { prior })).found).toEqual({ failed: 1, asked: 3 });
    expect((await found(() => false, { prior })).found).toEqual({ failed: 0, asked: 1 });
    expect((await found(() => true, {})).found).toEqual({ failed: 0, asked: 0 }); // It needs no calls.
  });
});

describe('createSequences', () => {
  it('should give each failure a third of the calls that are left, as long as it is worth it', () => {
    const sequences = createSequences();
    const spent: number[] = [];
    for (let share = sequences.share(); !share.isSpent(); share = sequences.share()) {
      let calls = 0;
      for (; !share.isSpent(); calls += 10) share.spend(10);
      spent.push(calls);
    }
    expect(spent).toEqual([670, 450, 300, 200, 130]);
    const affordable = 250 / 2 / REPEATS - FURTHER_CALLS;
    expect(sequences.share().affords(affordable)).toBe(true);
    expect(sequences.share().affords(affordable + 1)).toBe(false);
  });

  it('should give some of those that were found, the last first', () => {
    const sequences = createSequences();
    const endings = [1, 2, 3, 4, 5].map((k) => ({ before: [callOf(k)], ...small }));
    for (const ending of endings) sequences.keep(ending);
    expect(sequences.found()).toEqual(endings.toReversed().slice(0, 4));
  });
});
