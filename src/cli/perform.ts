/** Parses a command line, runs it, and turns what happened into an exit code. */
import { explainFailure } from './failure.ts';
import { spellInfinity } from './options.ts';
import { createProgram } from './program.ts';

/** Does what `argv` says, of which the first two are Node and the script. How it ended is in `process.exitCode`. */
export async function perform(argv: readonly string[]): Promise<void> {
  try {
    await createProgram().parseAsync(argv.map(spellInfinity));
  } catch (error) {
    end(explainFailure(error));
  }
}

/** Says what went wrong, and sets the exit code. */
export function end({ text, exitCode }: ReturnType<typeof explainFailure>): void {
  process.stderr.write(text);
  process.exitCode = exitCode;
}
