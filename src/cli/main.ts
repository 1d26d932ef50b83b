#!/usr/bin/env node
import { reason } from '../record/system-error.ts';
/** The command `softmax-fuzz`, as a process. */
import { UserError } from '../text/errors.ts';
import { explainFailure, explainStrayFailure } from './failure.ts';
import { end, perform } from './perform.ts';

/** How long a command goes on, in ms, once nobody reads what it prints: its files are written yet. */
const LINGER_MS = 2000;

// Whoever reads the output may stop early, like `head`.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') {
    setTimeout(() => process.exit(), LINGER_MS).unref();
    return;
  }
  end(explainFailure(new UserError(`cannot write to stdout: ${reason(error)}`)));
  process.exit();
});
process.on('uncaughtException', (error) => {
  end(explainStrayFailure(error));
  process.exit();
});

await perform(process.argv);
