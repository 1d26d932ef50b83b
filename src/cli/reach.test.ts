import { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { limitsOf } from '../targets/process/reach.ts';
import { reachOf, withReach } from './reach.ts';

const limits = (...args: string[]) =>
  limitsOf(reachOf(withReach(new Command()).parse(args, { from: 'user' }).opts()));

describe('withReach', () => {
  it('should give a target 60 s to load, or what is said, or the time of a call where that is more', () => {
    expect(limits()).toMatchObject({ startMs: 60_000, timeoutMs: 10_000, memoryBytes: 2 ** 32 });
    expect(limits('--start-timeout', '1s')).toMatchObject({ startMs: 1000, timeoutMs: 10_000 });
    expect(limits('--timeout', '5m')).toMatchObject({ startMs: 300_000, timeoutMs: 300_000 });
  });
});
