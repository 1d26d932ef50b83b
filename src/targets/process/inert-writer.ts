/** What a target's process writes to stderr, shown line by line. */
import { StringDecoder } from 'node:string_decoder';
import { inertLines, LONGEST_MESSAGE } from '../../text/inert.ts';

/** Takes bytes in pieces. */
export interface InertWriter {
  readonly write: (bytes: Buffer) => void;
  /** Writes what has no end of a line. */
  readonly end: () => void;
}

/** Hands on whole lines, {@link inertLines}; what is longer than any line of use is one. */
export function inertWriter(write: (text: string) => void): InertWriter {
  const decoder = new StringDecoder('utf8');
  let begun = '';
  const end = (): void => {
    if (begun !== '') write(`${inertLines(begun)}\n`);
    begun = '';
  };
  return {
    write(bytes) {
      const lines = (begun + decoder.write(bytes)).split('\n');
      begun = lines.pop() as string;
      for (const line of lines) write(`${inertLines(line)}\n`);
      if (begun.length > LONGEST_MESSAGE) end();
    },
    end() {
      begun += decoder.end();
      end();
    },
  };
}
