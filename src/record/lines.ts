/** The lines of a stream, as they come. */
import { UserError } from '../text/errors.ts';

/**
 * The lines of a stream of UTF-8, without what ends them: LF, or CR and LF.
 * @throws UserError when one is longer than `most` characters: a stream without an end of a line would take all memory.
 */
export async function* linesOf(stream: NodeJS.ReadableStream, most: number): AsyncGenerator<string> {
  stream.setEncoding('utf8');
  let number = 1;
  let begun: string[] = [];
  let length = 0;
  for await (const chunk of stream) {
    const pieces = `${chunk}`.split('\n');
    for (const [k, piece] of pieces.entries()) {
      begun.push(piece);
      length += piece.length;
      if (length > most) throw new UserError(`line ${number} has more than ${most} characters`);
      if (k === pieces.length - 1) break;
      yield begun.join('').replace(/\r$/, '');
      begun = [];
      length = 0;
      number++;
    }
  }
  if (length > 0) yield begun.join('');
}
