/** The campaigns that a command line asks for: one, but where the configuration gives targets budgets of their own. */
import { UserError } from '../text/errors.ts';
import { commandLine } from '../text/shell.ts';
import type { FuzzFlags } from './commands/fuzz.ts';
import type { Budget } from './configure.ts';

/** A campaign of some targets. */
export interface Campaign {
  readonly names: readonly string[];
  readonly options: FuzzFlags;
  /** The folder of its run, in the reports folder. */
  readonly folder: string;
}

/**
 * Targets that may take the same share a campaign, and its batches; where there are several, each writes to a folder that is named
 * after its first target. Without names they are those of the configuration.
 * @throws UserError when several campaigns are to write one file, or to be the same shard.
 */
export function campaignsOf(given: readonly string[], options: FuzzFlags): Campaign[] {
  const { configured } = options;
  const names = given.length === 0 ? [...(configured?.keys() ?? [])] : [...new Set(given)];
  const shared: Budget = { runs: options.runs, maxTime: options.maxTime, shrinkTime: options.shrinkTime };
  const groups = new Map<string, { names: string[]; budget: Budget }>();
  for (const name of names) {
    const budget = configured?.get(name)?.budget ?? shared;
    const key = JSON.stringify(budget);
    const group = groups.get(key) ?? { names: [], budget };
    group.names.push(name);
    groups.set(key, group);
  }
  if (groups.size === 0) return [{ names, options, folder: 'latest' }];
  const campaigns = [...groups.values()];
  if (campaigns.length === 1)
    return [{ names, options: { ...options, ...campaigns[0].budget }, folder: 'latest' }];
  const single = singleOf(options);
  if (single !== undefined)
    throw new UserError(
      `${single} is of one campaign, and the targets have ${campaigns.length}, by their budgets`,
      `Name the targets of one: ${campaigns.map((each) => commandLine(each.names)).join(', or ')}. Or say --runs and --max-time.`,
    );
  return campaigns.map(({ names, budget }) => ({
    names,
    options: { ...options, ...budget },
    folder: `latest-${names[0].replace(/^\W+|\W+$/g, '').replace(/\W+/g, '-')}`,
  }));
}

/** What is given that only one campaign can have: a file that it writes, a part of it. */
function singleOf({ json, shard, updateBaseline, reporter = [] }: FuzzFlags): string | undefined {
  const flags: readonly (readonly [flag: string, isGiven: boolean])[] = [
    ['--json', json !== undefined],
    ['--shard', shard !== undefined],
    ['--update-baseline', updateBaseline === true],
    ['--reporter with a file', reporter.some(({ file }) => file !== null)],
  ];
  return flags.find(([, isGiven]) => isGiven)?.[0];
}
