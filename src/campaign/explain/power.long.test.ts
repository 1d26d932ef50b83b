import { describe, expect, it } from 'vitest';
import { stable } from '../../kernels/stable.ts';
import { builtinTarget } from '../../targets/builtin.ts';
import { createTarget } from '../../targets/create.ts';
import { casesOf } from '../explore/cases.ts';
import { fuzz } from '../fuzz.ts';
import { type Power, powerOf } from './power.ts';

const softmax = { softmax: stable.softmax };
const target = createTarget('mine', softmax, { profile: 'sequential' });
const subject = { target, operations: ['softmax'] as const };

const missedOf = ({ faults }: Power) => faults.filter(({ foundAfter }) => foundAfter === null);
const ofSeed = (generation = {}) => casesOf({ seed: 1, saved: [], generation });

describe('powerOf', () => {
  it('should say after how many batches each is found, and the same again', async () => {
    const power = await powerOf(subject, ofSeed(), [[-1, 40]]);
    expect(power).toEqual(await powerOf(subject, ofSeed(), [[-1, 40]]));
    expect(power?.batches).toBe(41);
    expect(power?.faults[0]).toEqual({ words: 'subtracts no maximum', foundAfter: 1, needs: null, tried: 1 });
    const after = power?.faults.flatMap(({ foundAfter }) => foundAfter ?? []) ?? [];
    expect(after).toEqual([...after].sort((a, b) => a - b));
  });

  it('should count what is found in fewer batches as found in more of them', async () => {
    const [few, more] = [
      await powerOf(subject, ofSeed(), [[-1, 5]]),
      await powerOf(subject, ofSeed(), [[-1, 60]]),
    ];
    const found = (power: Power | null) => power?.faults.filter(({ foundAfter }) => (foundAfter ?? 99) <= 6);
    expect(found(few)).toEqual(found(more));
    expect(few?.faults.length).toBe(more?.faults.length);
  });

  it('should leave out what is no fault of the operations, and say what shape a miss needs', async () => {
    const power = (await powerOf(subject, ofSeed({ cols: 64 }), [[0, 30]])) ?? expect.fail();
    const words = power.faults.map((each) => each.words);
    expect(words).not.toContain('takes the class after the target');
    expect(words).not.toContain('takes the logarithm of the rounded softmax');
    expect(missedOf(power)).toContainEqual({
      words: 'adds up the first 127 logits of a row',
      foundAfter: null,
      needs: 'rows of over 127 logits',
      tried: 30,
    });
  });

  it('should not blame a target that takes one length alone for what shows at others', async () => {
    const fixed = createTarget('fixed', softmax, { profile: 'sequential', cols: 64 });
    const power =
      (await powerOf({ ...subject, target: fixed }, ofSeed({ cols: 64 }), [[0, 30]])) ?? expect.fail();
    const words = power.faults.map((each) => each.words);
    expect(words).not.toContain('adds up the first 127 logits of a row');
    expect(words).toContain('subtracts no maximum');
  });

  it('should leave out what the profile allows', async () => {
    const words = async (profile: string) => {
      const its = createTarget('its', softmax, { profile });
      return (await powerOf({ ...subject, target: its }, ofSeed(), [[-1, 20]]))?.faults.map(
        (each) => each.words,
      );
    };
    expect(await words('default')).toContain('flushes subnormal exponentials to 0');
    expect(await words('default+ftz')).not.toContain('flushes subnormal exponentials to 0');
  });

  it('should say where the work ended', async () => {
    const power = (await powerOf(subject, ofSeed(), [[-1, 300]], { work: 100_000 })) ?? expect.fail();
    const cut = missedOf(power).filter(({ tried, needs }) => needs === null && tried < 301);
    expect(cut.length).toBeGreaterThan(0);
    const all = (await powerOf(subject, ofSeed(), [[-1, 300]])) ?? expect.fail();
    expect(missedOf(all).every(({ tried }) => tried === 301)).toBe(true);
  });

  it('should end once the signal is aborted', async () => {
    const signal = AbortSignal.abort();
    expect(
      await powerOf(
        { target: builtinTarget('stable'), operations: ['softmax', 'crossEntropy'] },
        ofSeed(),
        [[0, 1e6]],
        { signal },
      ),
    ).toBeNull();
  });
});

describe('fuzz', () => {
  it('should tell it of targets that hold alone, where it is asked', async () => {
    const options = { seed: 1, runs: 20, operations: ['softmax'] } as const;
    const zeros = createTarget('zeros', { softmax: ({ length }) => new Float32Array(length) });
    const { targets } = await fuzz([target, zeros], { ...options, power: true });
    expect(targets.map(({ verdict, power }) => [verdict, power !== undefined])).toEqual([
      ['held', true],
      ['falsified', false],
    ]);
    expect(targets[0].power).toEqual(await powerOf(subject, ofSeed(), [[-1, 20]]));
    const [{ power }] = (await fuzz([target], options)).targets;
    expect(power).toBeUndefined();
  });
});
