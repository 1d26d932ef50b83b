/** Which part of a campaign this process runs, from the command line or from what job schedulers put into the environment. */
import { BLOCK_SIZE, runsOf, type Shard } from '../campaign/explore/shard.ts';
import { UserError } from '../text/errors.ts';

/**
 * The shard that `text` names, `3/8` for the third of eight; `source` says in errors where the text is from.
 * @throws UserError when it names none.
 */
export function parseShard(text: string, source: string): Shard {
  const [, index, count] = /^(\d+)\/(\d+)$/.exec(text) ?? [];
  if (index === undefined) throw new UserError(`${source} is '${text}': expected a shard like 3/8`);
  return checked(Number(index), Number(count), `${source} is ${text}`);
}

/**
 * The shard that the environment names, or null. The first of these that is set:
 *
 * - SOFTMAX_FUZZ_SHARD, `3/8`: a CI matrix.
 * - JOB_COMPLETION_INDEX, from 0, of SOFTMAX_FUZZ_SHARDS or JOB_COMPLETIONS: a Kubernetes Indexed Job.
 * - SLURM_ARRAY_TASK_ID, from SLURM_ARRAY_TASK_MIN in steps of SLURM_ARRAY_TASK_STEP, of SLURM_ARRAY_TASK_COUNT: a Slurm array.
 * @throws UserError when what is set makes no shard.
 */
export function shardOfEnvironment(env: Readonly<Record<string, string | undefined>>): Shard | null {
  const integer = (name: string, missing?: number): number => {
    const text = env[name] ?? '';
    if (text === '' && missing !== undefined) return missing;
    if (/^\d+$/.test(text)) return Number(text);
    throw new UserError(`the environment's ${name} is ${text === '' ? 'not set' : `'${text}'`}`, remedy);
  };
  const isSet = (name: string): boolean => (env[name] ?? '') !== '';

  if (isSet('SOFTMAX_FUZZ_SHARD')) {
    return parseShard(env['SOFTMAX_FUZZ_SHARD'] ?? '', "the environment's SOFTMAX_FUZZ_SHARD");
  }
  if (isSet('JOB_COMPLETION_INDEX')) {
    const count =
      isSet('JOB_COMPLETIONS') && !isSet('SOFTMAX_FUZZ_SHARDS') ? 'JOB_COMPLETIONS' : 'SOFTMAX_FUZZ_SHARDS';
    const index = integer('JOB_COMPLETION_INDEX');
    return checked(index + 1, integer(count), `JOB_COMPLETION_INDEX is ${index} of ${env[count]}`);
  }
  if (isSet('SLURM_ARRAY_TASK_ID')) {
    const id = integer('SLURM_ARRAY_TASK_ID');
    const index = (id - integer('SLURM_ARRAY_TASK_MIN', 0)) / integer('SLURM_ARRAY_TASK_STEP', 1) + 1;
    const count = integer('SLURM_ARRAY_TASK_COUNT');
    return checked(index, count, `SLURM_ARRAY_TASK_ID ${id} of an array of ${count} with uneven steps`);
  }
  return null;
}

/** What to tell where the shard has nothing of a campaign of `runs` generated cases; null where it has something. The first has the given cases. */
export function describeEmpty(shard: Shard, runs: number): string | null {
  if (shard.index === 1 || runsOf(shard, runs) > 0) return null;
  const least = (shard.index - 1) * BLOCK_SIZE + 1;
  return `shard ${shard.index} of ${shard.count} has none of the ${runs} batches: shards have whole blocks of ${BLOCK_SIZE}, and of --runs ${least} or more it has some`;
}

const remedy = 'Set it, or say --shard i/n; --shard 1/1 runs all.';

function checked(index: number, count: number, what: string): Shard {
  if (Number.isInteger(index) && index >= 1 && index <= count) return { index, count };
  throw new UserError(`${what}: there is no such shard`, remedy);
}
