/** Opens a file as the platform does, for people at a terminal. */
import { spawn } from 'node:child_process';
import { inert, LONGEST_MESSAGE } from '../text/inert.ts';

/** The program that opens a file on `platform`, as the user has chosen. */
export function openerOf(platform: NodeJS.Platform): string {
  if (platform === 'darwin') return 'open';
  return platform === 'win32' ? 'explorer.exe' : 'xdg-open';
}

/** Opens `path` and does not wait. Where nobody sits at a terminal, or nothing opens it, that is said to stderr. */
export function openFile(
  path: string,
  opener = openerOf(process.platform),
  isTerminal = process.stdout.isTTY,
): void {
  if (!isTerminal) {
    process.stderr.write('--open opens nothing where there is no terminal\n');
    return;
  }
  const child = spawn(opener, [path], { detached: true, stdio: 'ignore' });
  child.on('error', () =>
    process.stderr.write(`${opener} could not be run: open ${inert(path, LONGEST_MESSAGE)} by hand\n`),
  );
  child.unref();
}
