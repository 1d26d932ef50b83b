/** A command line as words, without a shell. */
import { UserError } from '../../text/errors.ts';

/**
 * The words of `line`: separated by spaces; quotes of either kind hold one together, and a backslash takes the next
 * character as it is, but not within single quotes. Nothing is expanded.
 * @throws UserError when a quote is not closed.
 */
export function splitWords(line: string): string[] {
  const words: string[] = [];
  let word: string | null = null;
  let quote: string | null = null;
  for (let i = 0; i < line.length; i++) {
    const c = line[i];
    if (c === '\\' && quote !== "'" && i + 1 < line.length) word = (word ?? '') + line[++i];
    else if (c === quote) quote = null;
    else if (quote === null && (c === '"' || c === "'")) {
      quote = c;
      word ??= '';
    } else if (quote === null && /\s/.test(c)) {
      if (word !== null) words.push(word);
      word = null;
    } else word = (word ?? '') + c;
  }
  if (quote !== null) throw new UserError(`a ${quote} is not closed`);
  return word === null ? words : [...words, word];
}
