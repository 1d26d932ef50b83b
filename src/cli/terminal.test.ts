import { describe, expect, it } from 'vitest';
import { terminalOf } from './terminal.ts';

describe('terminalOf', () => {
  const terminal = { isTTY: true, columns: 60 };
  const pipe = { isTTY: false, columns: 60 };

  it.each([
    ['a terminal', terminal, {}, true],
    ['a pipe', pipe, {}, false],
    ['NO_COLOR', terminal, { NO_COLOR: '1' }, false],
    ['an empty NO_COLOR', terminal, { NO_COLOR: '' }, true],
    ['TERM=dumb', terminal, { TERM: 'dumb' }, false],
    ['FORCE_COLOR', pipe, { FORCE_COLOR: '1' }, true],
    ['FORCE_COLOR over NO_COLOR', pipe, { FORCE_COLOR: '3', NO_COLOR: '1' }, true],
    ['FORCE_COLOR=0', terminal, { FORCE_COLOR: '0' }, false],
  ] as const)('should color as is usual: %s', (_, stream, env, isColored) => {
    expect(terminalOf(stream, env)).toEqual({ columns: stream.isTTY ? 60 : undefined, isColored });
  });
});
