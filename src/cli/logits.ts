/** Numbers as the command line of the oracle writes them. */
import { InvalidArgumentError } from 'commander';
import { fromHex, isHex } from '../float32/bits.ts';
import { UserError } from '../text/errors.ts';

/** A decimal number or an FP32 word. An infinity is written as in JavaScript, or inf. */
export function logit(text: string): number {
  if (/^0x/i.test(text)) return word(text.slice(2));
  if (isHex(text) && /[a-f]/i.test(text)) return fromHex(text);
  const named = /^([+-]?)inf(?:inity)?$/i.exec(text);
  if (named !== null) return named[1] === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  if (/^nan$/i.test(text)) return Number.NaN;
  const value = Number(text);
  if (text.trim() === '' || Number.isNaN(value)) return word(text);
  return Math.fround(value);
}

function word(text: string): number {
  if (isHex(text)) return fromHex(text);
  throw new UserError(
    `'${text}' is neither a number nor an FP32 word`,
    text.includes(',')
      ? 'Logits are separated by blanks, and rows by /: 1 2 3 / 4 5 6.'
      : 'A word has exactly 8 hex digits, like 42b20000.',
  );
}

/** Logits or upstream values, separated by commas. */
export function valueList(text: string): number[] {
  return text.split(',').map((part) => logit(part.trim()));
}

/** An integer. */
export function integer(text: string): number {
  if (/^-?\d+$/.test(text)) return Number(text);
  throw new InvalidArgumentError('Expected an integer, like -100.');
}

/** Class indices, or what stands for none, separated by commas. */
export function classList(text: string): number[] {
  return text.split(',').map((part) => {
    if (!/^-?\d+$/.test(part.trim()))
      throw new InvalidArgumentError('Expected class indices separated by commas, like 0,2,1.');
    return Number(part);
  });
}
