/** The option of commands that says what a loss with options means. */
import { Option } from 'commander';
import { type Semantics, semanticsNamed, semanticsOf } from '../../core/semantics.ts';

/** What the option gives: semantics, or the file that has them, which is read where the command runs. */
export type SemanticsFlag = Semantics | { readonly file: string };

/** `--semantics`: a library's name, or a JSON file of what differs from PyTorch's. */
export function semanticsOption(): Option {
  const names = Object.keys(semanticsNamed).join(', ');
  return new Option(
    '--semantics <name>',
    `what a loss means where libraries differ: ${names}, or a JSON file`,
  ).argParser(semantics);
}

function semantics(text: string): SemanticsFlag {
  return Object.hasOwn(semanticsNamed, text) || !/[./\\]/.test(text) ? semanticsOf(text) : { file: text };
}
