/** What of a process's last words on stderr is told in a finding. */

/** Frames of stacks, and what stands around them in the reports of Node, Python, Rust, sanitizers and debuggers. */
const FRAME =
  /^(at |#\d+|\d+: |File "|-{3,}|\^|Node\.js v|note: |Traceback|stack backtrace|Aborted|Segmentation fault|==\d+==ABORTING|Thread \d|Extension modules|Current thread|<)/;

/** How the line begins that an uncaught exception, a failed assertion or a broken heap leaves. */
const EXCEPTION =
  /^(Uncaught )?[\w.:]*(Error|Exception|Exit)\b( \[\w+\])?(:|$)|^(FATAL|terminate called|thread '.*' panicked|panic:|\*\*\* |==\d+==\s*ERROR|Error in )|Assertion .*failed|^(double free|corrupted|malloc|free|realloc|munmap_chunk)\b.*(invalid|corrupt|size)/;

/** What an error sounds like otherwise. */
const TROUBLE = /error|exception|panic|assert|abort|fault|invalid|corrupt|out of memory|killed/i;

/**
 * The line of an error report that says most: the last that an exception begins, or the last that sounds like an error, or the
 * last; frames of stacks only where there is nothing else.
 */
export function tellingLine(text: string): string {
  const lines = joined(text)
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean);
  const told = lines.filter((line) => !FRAME.test(line));
  const lastOf = (pattern: RegExp): string | undefined => told.filter((line) => pattern.test(line)).at(-1);
  return lastOf(EXCEPTION) ?? lastOf(TROUBLE) ?? told.at(-1) ?? lines.at(-1) ?? '';
}

/** The text with what C++, Rust and R say of an exception on its next line behind the first. */
function joined(text: string): string {
  return text
    .replace(/\n\s*(?=what\(\): )/g, ' ')
    .replace(/(panicked at [^\n]*:|^Error in [^\n]*:) *\n\s*/gm, '$1 ');
}
