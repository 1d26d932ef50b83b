/** JSON from outside: files, streams, programs. */
import { UserError } from './errors.ts';

/** How deep lists and objects may lie in each other: four times what anything here has. What is deeper ends recursive functions. */
const DEEPEST = 64;

/**
 * The value of JSON `text`; `source` says in errors where the text is from.
 * @throws UserError when the text is not JSON, or its lists and objects are nested too deep.
 */
export function readJson(text: string, source: string): unknown {
  // Before it is parsed: 5 million brackets take 400 MB, and end as no JSON.
  if (isDeep(text)) throw new UserError(`${source} is nested too deep: expected at most ${DEEPEST} levels`);
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UserError(`${source} is not JSON: ${(error as Error).message}`);
  }
}

/** Whether the brackets of a JSON text are nested deeper than {@link DEEPEST}. */
function isDeep(text: string): boolean {
  let depth = 0;
  let inText = false;
  for (let k = 0; k < text.length; k++) {
    const character = text.charCodeAt(k);
    if (inText) {
      if (character === BACKSLASH) k++;
      else if (character === QUOTE) inText = false;
    } else if (character === QUOTE) inText = true;
    else if (character === BRACKET || character === BRACE) {
      if (++depth > DEEPEST) return true;
    } else if (character === BRACKET + 2 || character === BRACE + 2) depth--; // Their closing ones.
  }
  return false;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const BRACKET = 0x5b;
const BRACE = 0x7b;

/** Every text in the value of a JSON text, names of fields too. */
export function* textsIn(value: unknown): Generator<string> {
  if (typeof value === 'string') yield value;
  if (typeof value !== 'object' || value === null) return;
  for (const [name, each] of Object.entries(value)) {
    if (!Array.isArray(value)) yield name;
    yield* textsIn(each);
  }
}
