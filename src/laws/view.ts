/**
 * Arguments may be views of larger buffers, at any offset. The answer is then right as well, within its budget (a
 * vector loop may begin at an aligned address, and so add in another order), and the memory around them is not written.
 *
 * Around the logits is NaN or the largest float, so that a kernel shows which reads `logits.buffer`, or beyond a row: NaN
 * is lost by `x > max`, the largest float is not. The NaNs have a payload that no kernel writes by chance.
 */
import { type Batch, upstreamOf } from '../core/batch.ts';
import type { Violation } from '../core/violation.ts';
import { profileNamed } from '../judge/profile.ts';
import { observe } from '../targets/observe.ts';
import { type Breach, breach, firstDifference, type Question } from './law.ts';

const POISONED_NAN = 0x7fc0dead;
const LARGEST = 0x7f7fffff;
const NO_CLASS = 0x7fffffff;

/** Where the views begin, in numbers, and the word around them. */
const layouts = [
  { offset: 1, word: POISONED_NAN },
  { offset: 2, word: LARGEST },
  { offset: 3, word: POISONED_NAN },
] as const;

/** Numbers behind each view: a vector register's. */
const BEHIND = 16;

/** See {@link Law}. */
export async function view(question: Question): Promise<Breach | null> {
  for (const { offset, word } of layouts) {
    const broken = await checkView(question, offset, word);
    if (broken !== null) return broken;
  }
  return null;
}

async function checkView(question: Question, offset: number, word: number): Promise<Breach | null> {
  const { target, operation, oracle, answer, verdict } = question;
  const { handed, isUntouched } = asViews(oracle.batch, offset, word);
  const observed = await observe(target, operation, oracle.batch, handed);
  const place = `views at offset ${offset} of larger buffers`;
  const wrong = (kind: Violation['kind'], detail: string) =>
    breach(question, null, { law: 'view', kind, index: null, detail: `with ${place}, ${detail}` });
  if (observed.status === 'mutated-input') return wrong('mutated-input', observed.detail);
  if (!isUntouched()) return wrong('mutated-input', 'it wrote beside its arguments');
  if (observed.status !== 'answered') return wrong('invariance', told(observed));
  if (firstDifference(observed.output, answer) === null) return null;
  const output = observed.output.slice();
  const [violation] = verdict(oracle, operation, output, profileNamed(target.profile));
  if (violation === undefined) return null;
  const detail = `it is right for logits in a buffer of their own, and not for ${place}`;
  return {
    output,
    violation: { ...violation, kind: 'invariance', law: 'view', trigger: null, detail },
  };
}

function told({ status, detail }: { readonly status: string; readonly detail: string }): string {
  if (detail.startsWith('it ')) return detail;
  return `it ${status === 'threw' ? 'threw ' : ''}${detail}`;
}

/** The batch with its arrays as views that begin `offset` numbers into larger buffers, filled with `word`. */
function asViews(
  batch: Batch,
  offset: number,
  word: number,
): { readonly handed: Batch; readonly isUntouched: () => boolean } {
  const frame = (numbers: Float32Array | Int32Array, filling: number) => {
    const words = new Uint32Array(offset + numbers.length + BEHIND).fill(filling);
    words.set(new Uint32Array(numbers.buffer, numbers.byteOffset, numbers.length), offset);
    const end = offset + numbers.length;
    const isUntouched = () =>
      words.byteLength > 0 && words.every((each, k) => (k >= offset && k < end) || each === filling);
    return { buffer: words.buffer, isUntouched };
  };
  const [logits, targets, upstream] = [
    frame(batch.logits, word),
    frame(batch.targets, NO_CLASS),
    frame(upstreamOf(batch), word),
  ];
  const handed = {
    ...batch,
    logits: new Float32Array(logits.buffer, 4 * offset, batch.logits.length),
    targets: new Int32Array(targets.buffer, 4 * offset, batch.targets.length),
    upstream: new Float32Array(upstream.buffer, 4 * offset, batch.logits.length),
  };
  const frames = [logits, targets, upstream];
  return { handed, isUntouched: () => frames.every((each) => each.isUntouched()) };
}
