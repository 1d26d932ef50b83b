/** What `--reporter name[=file]` asks for. It is read with every command line, and loads little. */

import { type ReporterName, reporterNames } from '../report/reporter.ts';
import { UserError } from '../text/errors.ts';
import { unknownName } from '../text/nearest.ts';

/** One report that is asked for. */
export interface ReporterFlag {
  readonly name: ReporterName;
  /** `-` is stdout, in place of the text; null is the reporter's own file in the run's folder, or for GitHub's annotations the log. */
  readonly file: string | null;
}

/** What means stdout, of files. */
export const STDOUT = '-';

/**
 * `junit=results.xml` behind those that were given before it.
 * @throws UserError when there is no such reporter, or no file where one is announced.
 */
export function parseReporter(text: string, earlier: readonly ReporterFlag[] = []): ReporterFlag[] {
  const [, name, file] = /^([^=]*)(?:=(.*))?$/s.exec(text) as RegExpExecArray;
  if (!isReporter(name)) throw unknownName('reporter', name, reporterNames);
  if (file === '') throw new UserError(`--reporter ${text} names no file`, `Give one, or leave out the '='.`);
  return [...earlier, { name, file: file ?? null }];
}

function isReporter(name: string): name is ReporterName {
  return reporterNames.some((each) => each === name);
}

/** The reports, with GitHub's where this runs in one of its workflows; not of a shard, which the merge tells of. */
export function withGithub(
  flags: readonly ReporterFlag[] = [],
  isShard: boolean,
  env: NodeJS.ProcessEnv = process.env,
): readonly ReporterFlag[] {
  const isAdded =
    env['GITHUB_ACTIONS'] === 'true' && !isShard && flags.every(({ name }) => name !== 'github');
  return isAdded ? [...flags, { name: 'github', file: null }] : flags;
}

/** Whether one of the reports, or the JSON of `--json`, takes the place of the text on stdout. */
export function takesStdout(flags: readonly ReporterFlag[], json: string | undefined): boolean {
  return json === STDOUT || flags.some(({ file }) => file === STDOUT);
}
