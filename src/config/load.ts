/** Reads a configuration. */
import { basename, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { readFile } from '../record/read-file.ts';
import { describeThrown } from '../targets/describe.ts';
import { UserError } from '../text/errors.ts';
import { inert } from '../text/inert.ts';
import { readJson } from '../text/json.ts';
import type { Config } from './config.ts';
import { checkConfig } from './schema.ts';

/**
 * The configuration of `file`.
 * @throws UserError when it does not load, exports none, or has what it may not have.
 */
export async function loadConfig(file: string): Promise<Config> {
  try {
    return await read(file);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    // It may quote what is in the file.
    throw new UserError(inert(error.message, LONGEST_ERROR), error.hint);
  }
}

/** Of an error, so many characters are shown. */
const LONGEST_ERROR = 500;

async function read(file: string): Promise<Config> {
  if (file.endsWith('.json')) return checkConfig(readJson(readFile(file), file), file);
  let exports: Readonly<Record<string, unknown>>;
  try {
    exports = await import(pathToFileURL(resolve(file)).href);
  } catch (error) {
    throw doesNotLoad(file, error);
  }
  if (exports['default'] === undefined)
    throw new UserError(
      `${file} has no default export`,
      "Expected export default { targets: { mine: './kernel.mjs' } };",
    );
  return checkConfig(exports['default'], file);
}

function doesNotLoad(file: string, error: unknown): UserError {
  if (file.endsWith('.ts') && Object(error).code === 'ERR_UNKNOWN_FILE_EXTENSION')
    return new UserError(
      `${file}: Node ${process.version} does not read TypeScript`,
      `Take Node 22.18 or later, or name it ${basename(file, '.ts')}.mjs.`,
    );
  return new UserError(`${file} does not load: ${describeThrown(error)}`, hintOf(error, file));
}

/** What to do about it. */
function hintOf(error: unknown, file: string): string | undefined {
  const { code, message } = Object(error);
  if (code === 'ERR_MODULE_NOT_FOUND' && /package 'softmax-fuzz'/.test(String(message)))
    return 'Install softmax-fuzz in this folder, or export the object without defineConfig.';
  if (error instanceof SyntaxError && file.endsWith('.js'))
    return `Where Node takes it for CommonJS, name it ${basename(file, '.js')}.mjs, or write "type": "module" into package.json.`;
  return undefined;
}
