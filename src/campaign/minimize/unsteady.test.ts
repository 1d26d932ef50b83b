import { describe, expect, it } from 'vitest';
import { type Batch, batchOf } from '../../core/batch.ts';
import { createHistory } from '../../core/call.ts';
import type { Target } from '../../core/target.ts';
import { bucketOf, type Kind, type Signature, type Violation } from '../../core/violation.ts';
import { createTarget } from '../../targets/create.ts';
import { confirm, confirmAfter, unsteady } from './unsteady.ts';

const batch = batchOf([[0]]);
const original = batchOf([[1, 2]]);
const signatureOf = (kind: Kind): Signature => ({
  operation: 'softmax',
  kind,
  trigger: null,
  severity: 'error',
});

/**
 * What is made of a failure of this kind that is asked for: before and after the process is renewed, each asking fails (the
 * detail) or not (null), the last for all that follow.
 */
async function confirmed(
  kind: Kind,
  before: readonly (string | null)[],
  after: readonly (string | null)[],
  longestMs: number | null = null,
) {
  const signature = signatureOf(kind);
  const asked: string[] = [];
  let left = [...before];
  const target: Target = {
    ...createTarget('test', {}),
    isRemote: true,
    renew: async () => {
      asked.push('renew');
      left = [...after];
    },
    ...(longestMs !== null && {
      patiently: async <T>(again: () => Promise<T>) => ({ value: await again(), longestMs, allowedMs: 1000 }),
    }),
  };
  const confirmation = await confirm({
    target,
    signature,
    batch,
    bucket: bucketOf(signature),
    original,
    async ask(of) {
      asked.push(of === batch ? 'shrunk' : 'original');
      const detail = left.length > 1 ? left.shift() : left[0];
      const violation = { ...signature, detail } as Violation;
      return { output: null, violations: typeof detail === 'string' ? [violation] : [] };
    },
  });
  return { confirmation, asked: asked.join(' ') };
}

describe('confirm', () => {
  it('should take for lasting what a fresh process shows too', async () => {
    const { confirmation, asked } = await confirmed('threw', ['first'], ['second']);
    expect(confirmation).toMatchObject({ lasts: true, violation: { detail: 'first' } });
    expect(asked).toBe('shrunk renew shrunk');
  });

  it('should give bits that differ now and then some chances to', async () => {
    const { confirmation, asked } = await confirmed(
      'nondeterministic',
      [null, 'first'],
      [null, null, 'second'],
    );
    expect(confirmation).toMatchObject({ lasts: true, violation: { detail: 'first' } });
    expect(asked).toBe('shrunk shrunk renew shrunk shrunk shrunk');
    expect((await confirmed('nondeterministic', ['first'], [null])).confirmation).toMatchObject({
      lasts: false,
    });
  });

  it.each<[Kind, (string | null)[], (string | null)[], string, string]>([
    [
      'nan',
      ['x'],
      [null],
      'it failed as softmax/nan when it was met, in 1 of 1 further calls with the same input, and in 0 of 3 of a fresh process',
      'shrunk renew shrunk shrunk shrunk',
    ],
    [
      'nan',
      [null, null, 'x', null],
      [null, 'x'],
      'it failed as softmax/nan when it was met, in 1 of 3 further calls with the same input, and in 2 of 3 of a fresh process',
      'shrunk original original original renew original original original',
    ],
    [
      'threw',
      ['RangeError: no'],
      [null],
      'it threw when it was met (RangeError: no), in 1 of 1 further calls with the same input, and in 0 of 3 of a fresh process',
      'shrunk renew shrunk shrunk shrunk',
    ],
    [
      'out-of-memory',
      [null],
      [null],
      'it ran out of memory when it was met, in 0 of 1 further calls with the same input, and in 0 of 1 of a fresh process',
      'shrunk original renew original',
    ],
  ])('should count how often %s that does not last was met', async (kind, before, after, detail, calls) => {
    const { confirmation, asked } = await confirmed(kind, before, after);
    expect(confirmation).toMatchObject({ lasts: false, detail });
    expect(asked).toBe(calls);
  });

  it.each<[string, (string | null)[], string | null, number, object]>([
    [
      'took little longer',
      ['late'],
      null,
      1100,
      { lasts: false, batch, detail: 'it took 1.1 s of 1 s allowed' },
    ],
    [
      'took nearly all of it, and less the first time that it was asked again',
      [null],
      null,
      987,
      { lasts: false, batch: original, detail: 'it took 0.99 s of 1 s allowed' },
    ],
    [
      'is far from it',
      [null],
      null,
      3.123,
      {
        lasts: false,
        detail:
          'no answer within 1 s when it was met; asked again in a fresh process, it took 0.0031 s of 1 s allowed',
      },
    ],
    ['hangs', ['late'], 'never', 0, { lasts: true, violation: { detail: 'never', kind: 'timed-out' } }],
  ])('should say the time of a call that %s', async (_what, before, after, longestMs, expected) => {
    expect((await confirmed('timed-out', before, [after], longestMs)).confirmation).toMatchObject(expected);
  });
});

describe('a failure that may need calls before it', () => {
  it.each<[string, Kind, (string | null)[], (string | null)[], boolean]>([
    ['a fresh process passes', 'nan', ['x'], [null], true],
    ['a fresh process passes, and the old one by now', 'threw', [null], [null], true],
    ['a fresh process fails now and then', 'nan', ['x'], [null, 'x', null], false],
    ['a fresh process fails', 'nan', ['x'], ['x'], false],
    [
      'a fresh process shows other bits at the second asking only',
      'nondeterministic',
      ['x'],
      [null, 'x'],
      true,
    ],
    ['it hangs', 'timed-out', ['late'], [null], false],
  ])('should be told from others: %s', async (_what, kind, before, after, isGone) => {
    const { confirmation } = await confirmed(kind, before, after, kind === 'timed-out' ? 1 : null);
    expect(confirmation.gone !== undefined).toBe(isGone);
  });

  it('should come with the calls of the process before it', async () => {
    const call = { operation: 'softmax' as const, batch: batchOf([[5]]) };
    const history = createHistory();
    history.note(call.operation, call.batch);
    const signature = signatureOf('nan');
    const violation = { ...signature, detail: null } as Violation;
    const asking = {
      target: { ...createTarget('test', {}), history, renew: async () => history.forget() },
      signature,
      batch,
      bucket: bucketOf(signature),
      original,
      async ask(of: Batch) {
        const violations = history.calls().length > 0 ? [violation] : [];
        if (violations.length > 0) history.note('softmax', of);
        return { output: null, violations };
      },
    };
    const { gone } = await confirm(asking);
    expect(gone?.prior.map((each) => each.batch.logits[0])).toEqual([5]);
  });
});

describe('confirmAfter', () => {
  const signature = signatureOf('nan');
  const confirmedAfter = (details: (string | null)[]) =>
    confirmAfter({
      target: { ...createTarget('test', {}), isRemote: true },
      signature,
      batch,
      bucket: bucketOf(signature),
      original,
      async ask() {
        const detail = details.length > 1 ? details.shift() : details[0];
        const violation = { ...signature, detail } as Violation;
        return { output: null, violations: typeof detail === 'string' ? [violation] : [] };
      },
    });

  it('should take for lasting what fails each time', async () => {
    expect(await confirmedAfter(['first', 'second'])).toMatchObject({
      lasts: true,
      violation: { detail: 'first' },
    });
  });

  it('should count how often what does not fails', async () => {
    expect(await confirmedAfter(['x', null, 'x', 'x'])).toEqual({
      lasts: false,
      batch,
      detail:
        'it failed as softmax/nan when it was met, and in 3 of 4 of a fresh process after the calls before it',
    });
  });
});

describe('unsteady', () => {
  it.each<[Kind, string]>([
    ['nan', 'softmax/nondeterministic/warning'],
    ['nondeterministic', 'softmax/nondeterministic/warning'],
    ['invariance', 'softmax/nondeterministic/warning'],
    ['crashed', 'softmax/crashed/warning'],
    ['timed-out', 'softmax/timed-out/warning'],
  ])('should be a warning: %s', (kind, bucket) => {
    expect(
      unsteady({ ...signatureOf(kind), law: kind === 'invariance' ? 'view' : undefined }, batch, 'so'),
    ).toMatchObject({
      bucket,
      severity: 'warning',
      detail: 'so',
      batch,
    });
  });
});
