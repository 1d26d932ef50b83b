/** The formats of a target in a few words, for people. */
import type { Formats } from './index.ts';

/** `bf16`; `bf16 logits, fp32 answers`; `fp16, fp16 arithmetic`; null where all is FP32. */
export function describeFormats(formats: Formats | undefined): string | null {
  if (formats === undefined) return null;
  const { logits, answer, arithmetic } = formats;
  const arrays = logits === answer ? logits : `${logits} logits, ${answer} answers`;
  if (arithmetic !== 'fp32') return `${arrays}, ${arithmetic} arithmetic`;
  return arrays === 'fp32' ? null : arrays;
}
