/** The option of commands that says what a loss with options means. */
import { Option } from 'commander';
import { UserError } from '../../core/errors.ts';
import { readJson } from '../../core/json.ts';
import { type Semantics, semanticsNamed, semanticsOf } from '../../core/semantics.ts';
import { readFile } from '../../record/read-file.ts';

/** `--semantics`: a library's name, or a JSON file of what differs from PyTorch's. */
export function semanticsOption(): Option {
  const names = Object.keys(semanticsNamed).join(', ');
  return new Option(
    '--semantics <name>',
    `what a loss means where libraries differ: ${names}, or a JSON file`,
  ).argParser(semantics);
}

function semantics(text: string): Semantics {
  if (Object.hasOwn(semanticsNamed, text) || !/[./\\]/.test(text)) return semanticsOf(text);
  const value = readJson(readFile(text), text);
  if (typeof value === 'object') return semanticsOf(value);
  throw new UserError(`${text} is no object: expected one like { "divisor": "rows" }`);
}
