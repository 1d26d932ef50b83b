#!/usr/bin/env node
/** The command `softmax-fuzz`, as a process. */
import { explainStrayFailure } from './failure.ts';
import { end, perform } from './perform.ts';

// Whoever reads the output may stop early, like `head`.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit();
  throw error;
});
process.on('uncaughtException', (error) => {
  end(explainStrayFailure(error));
  process.exit();
});

await perform(process.argv);
