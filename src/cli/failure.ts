/** What a command that could not finish says, and its exit code. */
import { CommanderError } from 'commander';
import { UserError } from '../core/errors.ts';
import { exitCodes } from './exit-codes.ts';

/** An error as text for stderr, and the exit code that it earns. What commander throws, it has printed itself. */
export function explainFailure(error: unknown): { readonly text: string; readonly exitCode: number } {
  if (error instanceof CommanderError) {
    return { text: '', exitCode: error.exitCode === 0 ? exitCodes.held : exitCodes.usage };
  }
  if (error instanceof UserError) {
    const hint = error.hint === undefined ? '' : `${error.hint}\n`;
    return { text: `softmax-fuzz: ${error.message}\n${hint}`, exitCode: exitCodes.usage };
  }
  const text = error instanceof Error ? error.stack : String(error);
  return {
    text: `softmax-fuzz: this is a bug of softmax-fuzz, please report it\n${text}\n`,
    exitCode: exitCodes.bug,
  };
}
