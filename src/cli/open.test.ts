import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { temporaryFolders } from '../../properties/support/command.ts';
import { openerOf, openFile } from './open.ts';

const makeFolder = temporaryFolders();

/** What is said to stderr, as it comes. */
function listen(): string[] {
  const said: string[] = [];
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    said.push(String(text));
    return true;
  });
  return said;
}

afterEach(() => {
  vi.restoreAllMocks();
});

describe('openerOf', () => {
  it('should be what the platform has', () => {
    expect((['darwin', 'win32', 'linux', 'freebsd'] as const).map(openerOf)).toEqual([
      'open',
      'explorer.exe',
      'xdg-open',
      'xdg-open',
    ]);
  });
});

describe('openFile', () => {
  it('should run the opener with the path as it is', async () => {
    const path = join(makeFolder(), 'a b; $(c).html');
    openFile(path, 'touch', true);
    await vi.waitFor(() => expect(existsSync(path)).toBe(true), 5000);
  });

  it('should open nothing without a terminal, and say so', () => {
    const said = listen();
    const path = join(makeFolder(), 'a.html');
    openFile(path, 'touch', false);
    expect(said).toEqual(['--open opens nothing where there is no terminal\n']);
  });

  it('should say so where nothing opens it', async () => {
    const said = listen();
    openFile('a.html', './no-such-opener', true);
    await vi.waitFor(
      () => expect(said).toEqual(['./no-such-opener could not be run: open a.html by hand\n']),
      5000,
    );
  });
});
