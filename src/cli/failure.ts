/** What a command that could not finish says, and its exit code. */
import { inspect } from 'node:util';
import { CommanderError } from 'commander';
import { UserError } from '../text/errors.ts';
import { inert, inertLines, LONGEST_MESSAGE } from '../text/inert.ts';
import { exitCodes } from './exit-codes.ts';

/** An error as text for stderr, and the exit code that it earns. What commander throws, it has printed itself. */
export function explainFailure(error: unknown): { readonly text: string; readonly exitCode: number } {
  if (error instanceof CommanderError) {
    return { text: '', exitCode: error.exitCode === 0 ? exitCodes.held : exitCodes.usage };
  }
  if (error instanceof UserError) {
    const hint = error.hint === undefined ? '' : `${inert(error.hint, LONGEST_MESSAGE)}\n`;
    return {
      text: `softmax-fuzz: ${inert(error.message, LONGEST_MESSAGE)}\n${hint}`,
      exitCode: exitCodes.usage,
    };
  }
  if (isOfFiles(error))
    return {
      text: `softmax-fuzz: ${inert(`${error.path}: ${error.message}`, LONGEST_MESSAGE)}\n`,
      exitCode: exitCodes.usage,
    };
  const text = `softmax-fuzz: this is a bug of softmax-fuzz, please report it\n${stackOf(error)}\n`;
  return { text, exitCode: exitCodes.bug };
}

/** The same for an error that nobody was waiting for: a target's timer or forgotten promise, or a bug. */
export function explainStrayFailure(error: unknown): { readonly text: string; readonly exitCode: number } {
  const text = `softmax-fuzz: an error outside of any call, of a target or of softmax-fuzz itself\n${stackOf(error)}\n`;
  return { text, exitCode: exitCodes.bug };
}

/** Whether it is the file system that refused: a folder where a file should be, a file in the way, no permission, no room. */
function isOfFiles(error: unknown): error is NodeJS.ErrnoException & { readonly path: string } {
  return error instanceof Error && 'syscall' in error && 'path' in error && typeof error.path === 'string';
}

function stackOf(error: unknown): string {
  return inertLines(error instanceof Error && error.stack !== undefined ? error.stack : inspect(error));
}
