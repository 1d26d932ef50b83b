/** A call as code: to paste into a test, or into a report to the authors of a kernel. */
import { type Batch, upstreamOf } from '../core/batch.ts';
import type { Call } from '../core/call.ts';
import { usesTargets, usesUpstream } from '../core/operation.ts';
import { isOfRows, isScalar, type OptionName } from '../core/options.ts';
import { optionNames } from '../options/index.ts';
import type { LanguageName } from './language-name.ts';
import { type CallParts, c, javascript, type Language, numpy, type Tensor, torch } from './languages.ts';

const languages: Readonly<Record<LanguageName, Language>> = { js: javascript, numpy, torch, c };

/**
 * The calls as lines of code that need nothing before them. Functions are called as docs/javascript.md and docs/python.md have it; in C the arguments are declared. Rows are contiguous, whatever layout they had.
 */
export function codeOf(name: LanguageName, calls: readonly Call[]): string {
  const language = languages[name];
  const parts = calls.map(partsOf);
  return [...language.head(parts), ...parts.map(language.call)].join('\n');
}

/** The arguments of a call, in the contract's order, and its options; probabilities stand in the place of targets. */
function partsOf({ operation, batch }: Call): CallParts {
  const { rows, cols, logits, targets, options = {} } = batch;
  const of = tensorsFor(batch);
  const { probabilities } = options;
  const classes: Tensor = { name: 'targets', values: targets, shape: [rows], format: 'int' };
  const tensors = [
    ...(usesUpstream(operation) ? [of('upstream', upstreamOf(batch))] : []),
    of('logits', logits),
    ...(!usesTargets(operation)
      ? []
      : probabilities === undefined
        ? [classes]
        : [of('probabilities', probabilities)]),
  ];
  const given = optionNames.flatMap((option): CallParts['options'] => {
    const value = options[option];
    if (value === undefined || option === 'probabilities') return [];
    return [[option, isScalar(value) ? value : tensorOf(option, value as Float32Array | Uint8Array, batch)]];
  });
  return { operation, rows, cols, tensors, options: given };
}

/** Tensors of the shape of the logits, in their format. */
const tensorsFor =
  ({ rows, cols, format = 'fp32' }: Batch) =>
  (name: string, values: Float32Array): Tensor => ({ name, values, shape: [rows, cols], format });

function tensorOf(option: OptionName, values: Float32Array | Uint8Array, { rows, cols }: Batch): Tensor {
  const isWhole = values.length === rows * cols && !isOfRows(option) && rows > 1;
  const shape = isWhole ? [rows, cols] : [values.length];
  return { name: option, values, shape, format: values instanceof Uint8Array ? 'bool' : 'fp32' };
}
