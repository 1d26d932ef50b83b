/** The formats of functions of C, by the types of their arrays and by what is declared. */

import type { Declaration } from '../../core/target.ts';
import type { FormatName, Formats } from '../../formats/index.ts';
import { UserError } from '../../text/errors.ts';
import { formatsOf } from '../create.ts';
import type { WantedFunction } from './functions.ts';
import { isOptionRole } from './options.ts';
import { formatOfType, isWord } from './prototype.ts';

/**
 * The declaration, with the formats that the types of `functions` name.
 * @throws UserError when an array's type is not that of its format, two types differ, or words may be of either format.
 */
export function withFormats(declaration: Declaration, functions: readonly WantedFunction[]): Declaration {
  const declared = formatsOf(declaration);
  const named = { logits: namedBy(functions, ['logits', 'upstream']), answer: namedBy(functions, ['out']) };
  const isSilent = declaration.format === undefined;
  const formats: Formats = isSilent
    ? { ...declared, logits: named.logits ?? 'fp32', answer: named.answer ?? named.logits ?? 'fp32' }
    : declared;
  for (const { declaration: text, binding } of functions) {
    const { operation, isByRow } = binding;
    const isOfMean = operation === 'crossEntropyGrad' && !isReducedToRows(declaration, operation);
    if (isByRow && formats.answer !== 'fp32' && isOfMean)
      throw new UserError(
        `'${text}' gives the gradient of one row, which would have to be divided and rounded again`,
        'Export one of a batch: const uint16_t *logits, const int *targets, uint16_t *out, int rows, int cols.',
      );
    for (const { role, type, isPointer } of binding.parameters) {
      if (!isPointer || role === 'targets' || role === 'constant' || isOptionRole(role)) continue;
      const format = role === 'out' || role === binding.answer ? formats.answer : formats.logits;
      if (isSilent && type === 'uint16_t')
        throw new UserError(
          `the words of ${role} in '${text}' may be of fp16 or of bf16`,
          `Declare which: const char softmax_fuzz_target[] = "{ \\"format\\": \\"bf16\\" }"; or write _Float16 or __bf16 for uint16_t.`,
        );
      const ofType = formatOfType(type);
      if (isWord(type) !== (format !== 'fp32') || (ofType !== null && ofType !== format))
        throw new UserError(
          `the ${role} of '${text}' are of type ${type}, and of format ${format}`,
          'FP32 is float, FP16 _Float16 or uint16_t, BF16 __bf16 or uint16_t.',
        );
    }
  }
  return isSilent && formats.logits === 'fp32' && formats.answer === 'fp32'
    ? declaration
    : { ...declaration, format: formats };
}

/** Whether the losses of rows are left as they are. */
function isReducedToRows({ options }: Declaration, operation: 'crossEntropyGrad'): boolean {
  const declared: unknown = options?.[operation];
  return (declared as { readonly reduction?: unknown } | undefined)?.reduction === 'none';
}

/** The format that the types of such arrays name; null where they name none. */
function namedBy(functions: readonly WantedFunction[], roles: readonly string[]): FormatName | null {
  for (const { binding } of functions)
    for (const { role, type, isPointer } of binding.parameters) {
      const format = isPointer && roles.includes(role) ? formatOfType(type) : null;
      if (format !== null) return format;
    }
  return null;
}
