/** The command line of `softmax-fuzz report`. */
import { Command } from 'commander';
import type { ReporterFlag } from '../reporter-flag.ts';
import { reporterOption } from './reporter.ts';

/** What the command line gives. */
export interface ReportFlags {
  readonly strict?: boolean;
  readonly reports: string;
  readonly json?: string;
  readonly reporter?: readonly ReporterFlag[];
  readonly open?: boolean;
  readonly verbose?: boolean;
}

const afterHelp = `
A run is a folder that fuzz wrote: reports/latest, or reports/shard-1-of-8 and
so on. No target is loaded or run.

Examples:
  softmax-fuzz report
  softmax-fuzz report reports/shard-*-of-8
  softmax-fuzz report /a/shard-1-of-2 /b/shard-2-of-2 --reports merged --json -

Exit codes:
  0    every property held, or only known findings and warnings
  1    a new error, and with --strict a new warning
  2    usage, or runs that are unfinished, missing, twice there or of different
       campaigns`;

/** The command: what it takes. What it does is loaded where it is run. */
export function reportCommand(): Command {
  return new Command('report')
    .description('Puts the shards of a campaign together, as if one process had run it.')
    .argument('[run...]', 'folders of runs (default: the shards in the reports folder, else its latest run)')
    .option('--strict', 'warnings fail too')
    .option('--reports <dir>', 'where files go, to latest/', 'reports')
    .option('--json <file>', 'also write the result as JSON; - is stdout')
    .addOption(reporterOption())
    .option('--verbose', 'show all that is known of each fault')
    .option('--open', 'open the report when it is written, on a terminal')
    .addHelpText('after', afterHelp)
    .action(async (folders: string[], options: ReportFlags) => {
      const { runReport } = await import('../report.ts');
      return runReport(folders, options);
    });
}
