/**
 * Arguments may be views of larger buffers, at any offset. The answer is then right as well, within its budget (a
 * vector loop may begin at an aligned address, and so add in another order), and the memory around them is not written.
 */
import { type Placement, placements } from '../core/placement.ts';
import { profileOf } from '../row/profile-formats.ts';
import { observeInViews } from '../targets/observe.ts';
import { type Breach, breach, firstDifference, kindOfFailure, type Question } from './law.ts';

/** See {@link Law}. */
export async function view(question: Question): Promise<Breach | null> {
  for (const placement of placements) {
    const broken = await checkView(question, placement);
    if (broken !== null) return broken;
  }
  return null;
}

async function checkView(question: Question, placement: Placement): Promise<Breach | null> {
  const { target, operation, oracle, answer, verdict } = question;
  const observed = await observeInViews(target, operation, oracle.batch, placement);
  const place = `views at offset ${placement.offset} of larger buffers`;
  if (observed.status !== 'answered') {
    const kind =
      observed.status === 'mutated-input' ? observed.status : kindOfFailure(observed, 'invariance');
    const detail = `with ${place}, ${told(observed)}`;
    return breach(question, null, { law: 'view', kind, index: null, detail });
  }
  if (firstDifference(observed.output, answer) === null) return null;
  const output = observed.output.slice();
  const [violation] = verdict(oracle, operation, output, profileOf(target));
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
