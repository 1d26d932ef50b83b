import { describe, expect, it } from 'vitest';
import { findingOf } from '../../properties/support/findings.ts';
import { initialState, type Journal } from '../campaign/state.ts';
import { UserError } from '../text/errors.ts';
import { stubborn } from './stubborn-journal.ts';

/** A journal that writes while it has room, and what it has written. */
function journalWith(): { journal: Journal; disk: { isFull: boolean }; written: string[] } {
  const disk = { isFull: false };
  const written: string[] = [];
  const write = (what: string): void => {
    if (disk.isFull) throw new UserError(`cannot write ${what}: ENOSPC`);
    written.push(what);
  };
  const journal: Journal = {
    state: null,
    save: ({ elapsedMs }) => write(`state ${elapsedMs}`),
    finding: () => null,
    keep: (target, bucket) => write(`${target} ${bucket}`),
  };
  return { journal, disk, written };
}

const stateAt = (elapsedMs: number) => ({ ...initialState(1), elapsedMs });

describe('stubborn', () => {
  it('should write later what it could not, the state last, and tell of it once', () => {
    const { journal, disk, written } = journalWith();
    const told: string[] = [];
    const kept = stubborn(journal, ({ message }) => told.push(message));
    kept.save(stateAt(1));
    disk.isFull = true;
    kept.keep(0, 'a', findingOf());
    kept.keep(0, 'b', findingOf());
    kept.save(stateAt(2));
    expect(kept.failure()?.message).toBe('cannot write state 2: ENOSPC');
    disk.isFull = false;
    kept.save(stateAt(3));
    expect(kept.failure()).toBe(null);
    expect(written).toEqual(['state 1', '0 a', '0 b', 'state 3']);
    expect(told).toEqual(['cannot write 0 a: ENOSPC']);
  });

  it('should have failed as long as something is not written', () => {
    const { journal, disk } = journalWith();
    const kept = stubborn({ ...journal, save: () => {} }, () => {});
    disk.isFull = true;
    kept.keep(0, 'a', findingOf());
    kept.save(stateAt(1));
    expect(kept.failure()?.message).toBe('cannot write 0 a: ENOSPC');
  });

  it('should hide no bug', () => {
    const { journal } = journalWith();
    const bug = (): void => {
      throw new TypeError('bug');
    };
    expect(() => stubborn({ ...journal, save: bug }, () => {}).save(stateAt(1))).toThrow(TypeError);
  });
});
