/** What a WGSL file offers, by its text. */

import { type Operation, operations } from '../../core/operation.ts';
import { type Formats, inFp32 } from '../../formats/index.ts';
import { UserError } from '../../text/errors.ts';

/** The names of the entry points of compute shaders in `source`, in their order. */
export function entryPoints(source: string): string[] {
  const code = withoutComments(source);
  const names = code.matchAll(/@compute\b[^{};]*?\bfn\s+(\w+)/g);
  return Array.from(names, ([, name]) => name);
}

/** The operations that entry points are called after. */
export function operationsOfShader(source: string): Operation[] {
  const names = entryPoints(source);
  return operations.filter((operation) => names.includes(operation));
}

/** The bindings of arrays of numbers, by what they hold. */
const arrays = { 'logits and upstream values': [0, 4], answers: [1] } as const;

/**
 * The formats of logits and upstream values, and of answers: FP16 where their binding is an array of f16, `array<f16>` or of
 * vectors. The arithmetic is taken to be of f32.
 * @throws UserError where some of the same are of f16 and others of f32.
 */
export function formatsOfShader(source: string): Formats {
  const code = withoutComments(source);
  const declared = Array.from(
    code.matchAll(/@binding\(\s*(\d+)[^;{}]*?\bvar\b[^;{}]*;/g),
    ([text, binding]) => ({
      binding: Number(binding),
      isHalf: /\b(f16|vec[234]h)\b/.test(text),
    }),
  );
  const formatOf = (name: keyof typeof arrays): 'fp16' | 'fp32' => {
    const bindings: readonly number[] = arrays[name];
    const found = declared.filter(({ binding }) => bindings.includes(binding));
    const halves = found.filter(({ isHalf }) => isHalf);
    if (halves.length > 0 && halves.length < found.length)
      throw new UserError(
        `its ${name} are of f16 and of f32`,
        'All entry points of a file have one format of logits and upstream values, and one of answers.',
      );
    return halves.length > 0 ? 'fp16' : 'fp32';
  };
  return { ...inFp32, logits: formatOf('logits and upstream values'), answer: formatOf('answers') };
}

/** Whether the source asks for f16. */
export function needsHalf(source: string): boolean {
  return /\benable\b[^;]*\bf16\b[^;]*;/.test(withoutComments(source));
}

/** The source with a space for each comment; those of slashes and stars nest. */
function withoutComments(source: string): string {
  let code = source.replace(/\/\/.*$/gm, ' ');
  for (let before = ''; before !== code; ) {
    before = code;
    code = code.replace(/\/\*(?:(?!\/\*|\*\/)[\s\S])*\*\//g, ' ');
  }
  return code;
}
