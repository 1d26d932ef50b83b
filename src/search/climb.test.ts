import { describe, expect, it } from 'vitest';
import { type Batch, createBatch } from '../core/batch.ts';
import { createRandom } from '../core/random.ts';
import type { Closeness } from '../judge/closeness.ts';
import { climb, type Evaluate, type Start } from './climb.ts';

const random = () => createRandom([1, 2, 3, 4]);
const long = createBatch(
  2,
  200,
  Float32Array.from({ length: 400 }, (_, k) => -k / 8),
  [150, 3],
);
const from = (shape: Start['shape'] = {}): Start => ({ batch: long, row: 0, col: 77, shape });

/** The batches of a climb, `budgetUse` saying how close each comes; null where it fails. */
async function climbed(
  start: Start,
  budgetUse: (batch: Batch, step: number) => number | null,
  stream = random(),
): Promise<Batch[]> {
  const batches: Batch[] = [];
  const evaluate: Evaluate = (batch, step): Closeness | null => {
    batches.push(batch);
    expect(step).toBe(batches.length);
    const use = budgetUse(batch, step);
    return use === null ? null : { budgetUse: use, row: 0, col: 0 };
  };
  await climb(start, stream, evaluate);
  return batches;
}

describe('climb', () => {
  it('should first try the suspicious logit beside its maximum, in a row alone', async () => {
    for (let word = 1; word < 20; word++) {
      const stream = createRandom([word, 2, 3, 4]);
      const batches = await climbed(from(), () => 0.3, stream);
      expect(batches.length).toBe(1);
      const [{ rows, cols, logits }] = batches;
      expect(rows).toBe(1);
      expect(cols).toBeLessThan(40);
      expect(logits).toContain(0);
      expect(logits).toContain(-77 / 8);
    }
  });

  it('should go on from a promising batch, by changes that come no less close', async () => {
    const height = ({ logits }: Batch) => 1 - Math.min(0.1, Math.abs(logits[0] - 40) / 1000);
    const batches = await climbed(from(), height);
    expect(batches.length).toBe(64);
    expect(Math.max(...batches.map(height))).toBeGreaterThan(height(batches[0]));
  });

  it('should end after a few failures, and at once when the first step fails', async () => {
    expect((await climbed(from(), () => null)).length).toBe(1);
    expect((await climbed(from(), (_, step) => (step === 1 ? 0.95 : null))).length).toBe(5);
  });

  it('should depend on the start, the stream and the evaluations alone, answered at once or not', async () => {
    const height = ({ logits }: Batch) => 0.9 + (Math.abs(logits[0]) % 1) / 10;
    const twice = [await climbed(from(), height), await climbed(from(), height)];
    expect(twice[0]).toEqual(twice[1]);
    const late: Batch[] = [];
    await climb(from(), random(), async (batch) => {
      late.push(batch);
      return { budgetUse: height(batch), row: 0, col: 0 };
    });
    expect(late).toEqual(twice[0]);
  });

  it('should keep a fixed shape, and take few steps or none where that is large', async () => {
    const batches = await climbed(from({ rows: 2, cols: 200 }), () => 0.95);
    expect(batches.length).toBe(40);
    expect(batches.every(({ rows, cols }) => rows === 2 && cols === 200)).toBe(true);
    expect((await climbed(from({ cols: 200 }), () => 0.3))[0]).toMatchObject({ rows: 1, cols: 200 });
    const huge = createBatch(1, 20_000, new Float32Array(20_000));
    expect(await climbed({ ...from({ cols: 20_000 }), batch: huge }, () => 0.95)).toEqual([]);
  });
});
