#!/usr/bin/env node
/** The command `softmax-fuzz`: parses, runs, and turns what happened into an exit code. */
import { explainFailure } from './failure.ts';
import { spellInfinity } from './options.ts';
import { createProgram } from './program.ts';

// Whoever reads the output may stop early, like `head`.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit();
  throw error;
});
// What a target's code throws outside of any call, in a timer or a promise that nobody awaits, arrives here too.
process.on('uncaughtException', (error) => {
  fail(error);
  process.exit();
});

try {
  await createProgram().parseAsync(process.argv.map(spellInfinity));
} catch (error) {
  fail(error);
}

function fail(error: unknown): void {
  const { text, exitCode } = explainFailure(error);
  process.stderr.write(text);
  process.exitCode = exitCode;
}
