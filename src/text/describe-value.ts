/** A value that should have been another, for an error: it may be anything that a file, a program or a module holds. */
import { shortened } from './inert.ts';

/** The value in a few words, whatever it is: a text as it is, else as JSON has it, `[1,2]`. Never throws. */
export function shown(value: unknown): string {
  return shortened(typeof value === 'string' ? value : written(value));
}

function written(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value);
  try {
    return JSON.stringify(value) ?? 'an object';
  } catch {
    return 'an object';
  }
}
