#!/usr/bin/env node
/** The command `softmax-fuzz`: parses, runs, and turns what happened into an exit code. */
import { CommanderError } from 'commander';
import { UserError } from '../core/errors.ts';
import { exitCodes } from './exit-codes.ts';
import { createProgram } from './program.ts';

try {
  await createProgram().parseAsync();
} catch (error) {
  process.exitCode = reportFailure(error);
}

/** Prints what ended the command, and gives its exit code. */
function reportFailure(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.held : exitCodes.usage;
  if (error instanceof UserError) {
    const hint = error.hint === undefined ? '' : `\n${error.hint}`;
    process.stderr.write(`softmax-fuzz: ${error.message}${hint}\n`);
    return exitCodes.usage;
  }
  const text = error instanceof Error ? error.stack : String(error);
  process.stderr.write(`softmax-fuzz: this is a bug of softmax-fuzz, please report it\n${text}\n`);
  return exitCodes.bug;
}
