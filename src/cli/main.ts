#!/usr/bin/env node
/** The command `softmax-fuzz`: parses, runs, and turns what happened into an exit code. */
import { explainFailure, explainStrayFailure } from './failure.ts';
import { spellInfinity } from './options.ts';
import { createProgram } from './program.ts';

// Whoever reads the output may stop early, like `head`.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit();
  throw error;
});
process.on('uncaughtException', (error) => {
  end(explainStrayFailure(error));
  process.exit();
});

try {
  await createProgram().parseAsync(process.argv.map(spellInfinity));
} catch (error) {
  end(explainFailure(error));
}

function end({ text, exitCode }: ReturnType<typeof explainFailure>): void {
  process.stderr.write(text);
  process.exitCode = exitCode;
}
