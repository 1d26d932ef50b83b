/** The option `--reporter` of commands that report a run. */
import { Option } from 'commander';
import { parseReporter } from '../reporter-flag.ts';

/** Which formats, and where to: given several times, several. */
export function reporterOption(): Option {
  return new Option(
    '--reporter <name[=file]>',
    "also write the result as junit, sarif, github, markdown, json or tyche, to a file (default: in the run's folder; - is stdout); may be repeated",
  ).argParser(parseReporter);
}
