/** What the terminal has that is written to, by the conventions of NO_COLOR and FORCE_COLOR. */
import type { Terminal } from '../report/terminal.ts';

/**
 * Of a pipe no width. Colors where it is a terminal, but not with `NO_COLOR` of any value, or `TERM=dumb`; with `FORCE_COLOR` but 0 always.
 */
export function terminalOf(
  stream: Pick<NodeJS.WriteStream, 'isTTY' | 'columns'>,
  env: NodeJS.ProcessEnv,
): Terminal {
  const { FORCE_COLOR: forced, NO_COLOR: none, TERM: term } = env;
  const isForced = forced !== undefined && forced !== '';
  const isColored = isForced
    ? forced !== '0' && forced !== 'false'
    : stream.isTTY === true && !none && term !== 'dumb';
  return { columns: stream.isTTY ? stream.columns : undefined, isColored };
}
