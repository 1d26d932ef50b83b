import { describe, expect, it } from 'vitest';
import { describeEmpty, parseShard, shardOfEnvironment } from './shard.ts';

describe('parseShard', () => {
  it('should count from 1', () => {
    expect(parseShard('1/1', '--shard')).toEqual({ index: 1, count: 1 });
    expect(parseShard('8/8', '--shard')).toEqual({ index: 8, count: 8 });
  });

  it.each(['0/8', '9/8', '1/0', '3', '3/', '-1/8', '1.5/8', 'a/b', ''])('should refuse %s', (text) => {
    expect(() => parseShard(text, '--shard')).toThrow(/^--shard is /);
  });
});

describe('shardOfEnvironment', () => {
  it.each<[string, Record<string, string>, string | null]>([
    ['nothing', { PATH: '/bin' }, null],
    ['an empty variable', { SOFTMAX_FUZZ_SHARD: '', JOB_COMPLETION_INDEX: '' }, null],
    ['a CI matrix', { SOFTMAX_FUZZ_SHARD: '3/8' }, '3/8'],
    ['a Kubernetes Indexed Job', { JOB_COMPLETION_INDEX: '0', SOFTMAX_FUZZ_SHARDS: '4' }, '1/4'],
    ['the same with its own name', { JOB_COMPLETION_INDEX: '3', JOB_COMPLETIONS: '4' }, '4/4'],
    ['both names', { JOB_COMPLETION_INDEX: '3', JOB_COMPLETIONS: '9', SOFTMAX_FUZZ_SHARDS: '4' }, '4/4'],
    [
      'a Slurm array of 5-11:2',
      {
        SLURM_ARRAY_TASK_ID: '9',
        SLURM_ARRAY_TASK_MIN: '5',
        SLURM_ARRAY_TASK_MAX: '11',
        SLURM_ARRAY_TASK_STEP: '2',
        SLURM_ARRAY_TASK_COUNT: '4',
      },
      '3/4',
    ],
    ['a Slurm array from 0', { SLURM_ARRAY_TASK_ID: '0', SLURM_ARRAY_TASK_COUNT: '8' }, '1/8'],
    [
      'all of them, ours first',
      { SOFTMAX_FUZZ_SHARD: '2/2', JOB_COMPLETION_INDEX: '0', SLURM_ARRAY_TASK_ID: '7' },
      '2/2',
    ],
  ])('should read %s', (_what, env, shard) => {
    expect(shardOfEnvironment(env)).toEqual(shard === null ? null : parseShard(shard, 'it'));
  });

  it.each<[string, Record<string, string>, string]>([
    [
      'no shard',
      { SOFTMAX_FUZZ_SHARD: '9/8' },
      "the environment's SOFTMAX_FUZZ_SHARD is 9/8: there is no such shard",
    ],
    [
      'an index without a count',
      { JOB_COMPLETION_INDEX: '0' },
      "the environment's SOFTMAX_FUZZ_SHARDS is not set",
    ],
    [
      'an index beyond the count',
      { JOB_COMPLETION_INDEX: '4', JOB_COMPLETIONS: '4' },
      'JOB_COMPLETION_INDEX is 4 of 4',
    ],
    [
      'an array without a count',
      { SLURM_ARRAY_TASK_ID: '0' },
      "the environment's SLURM_ARRAY_TASK_COUNT is not set",
    ],
    [
      'words',
      { JOB_COMPLETION_INDEX: 'x', JOB_COMPLETIONS: '4' },
      "the environment's JOB_COMPLETION_INDEX is 'x'",
    ],
    [
      'an array with gaps',
      { SLURM_ARRAY_TASK_ID: '7', SLURM_ARRAY_TASK_MIN: '1', SLURM_ARRAY_TASK_COUNT: '3' },
      'SLURM_ARRAY_TASK_ID 7 of an array of 3 with uneven steps',
    ],
  ])('should refuse %s, rather than run all of it many times', (_what, env, message) => {
    expect(() => shardOfEnvironment(env)).toThrow(message);
  });
});

describe('describeEmpty', () => {
  it('should say of which --runs on a shard has some of them, and nothing where it has', () => {
    expect(describeEmpty({ index: 2, count: 2 }, 500)).toBe(
      'shard 2 of 2 has none of the 500 batches: shards have whole blocks of 1000, and of --runs 1001 or more it has some',
    );
    expect(describeEmpty({ index: 3, count: 4 }, 2000)).toContain('of --runs 2001 or more');
    expect(describeEmpty({ index: 3, count: 4 }, 2001)).toBeNull();
    expect(describeEmpty({ index: 1, count: 2 }, 0)).toBeNull();
    expect(describeEmpty({ index: 2, count: 2 }, Number.POSITIVE_INFINITY)).toBeNull();
  });
});
