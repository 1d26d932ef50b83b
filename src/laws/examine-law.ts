/** Holds a target to the laws beyond the oracle. */
import type { Law } from '../core/law.ts';
import type { Operation } from '../core/operation.ts';
import type { Target } from '../core/target.ts';
import type { Violation } from '../core/violation.ts';
import { judge } from '../judge/judge.ts';
import type { Oracle } from '../oracle/exact.ts';
import { type Examination, examine } from '../targets/examine.ts';
import { batchInvariant } from './batch-invariant.ts';
import { freshAnswer } from './fresh-answer.ts';
import type { Check, Question } from './law.ts';
import { layout } from './layout.ts';
import { nanIsolation } from './nan-isolation.ts';
import { order } from './order.ts';
import { repeatable } from './repeatable.ts';
import { view } from './view.ts';

/** How each law is checked. */
const checks: Readonly<Record<Law, Check>> = {
  repeatable,
  'fresh-answer': freshAnswer,
  view,
  'nan-isolation': nanIsolation,
  order,
  'batch-invariant': batchInvariant,
  layout,
};

/**
 * Calls `operation` of `target` on the oracle's batch and, where the oracle finds nothing wrong with the answer, asks whether
 * `law` holds. What the oracle does find wrong is all that there is to say then.
 */
export async function examineLaw(
  target: Target,
  operation: Operation,
  oracle: Oracle,
  law: Law,
  verdict: typeof judge = judge,
  { patience = 'some', isAlone = false }: Partial<Pick<Question, 'patience' | 'isAlone'>> = {},
): Promise<Examination> {
  const examination = await examine(target, operation, oracle, verdict);
  const { output, violations } = examination;
  if (output === null || violations.length > 0) return examination;
  const live = examination.live ?? (() => output);
  const question: Question = {
    target,
    operation,
    oracle,
    live,
    answer: output.slice(),
    verdict,
    patience,
    isAlone,
  };
  const broken = await checks[law](question);
  return broken === null
    ? { output: question.answer, violations: [] }
    : { output: broken.output, violations: [broken.violation] };
}

/** {@link examineLaw} for every law that the target is held to. */
export async function examineByAllLaws(
  target: Target,
  operation: Operation,
  oracle: Oracle,
): Promise<Examination> {
  const examination = await examine(target, operation, oracle);
  const { output, violations } = examination;
  if (output === null || violations.length > 0) return examination;
  const live = examination.live ?? (() => output);
  const answer = output.slice();
  const question: Question = {
    target,
    operation,
    oracle,
    live,
    answer,
    verdict: judge,
    patience: 'little',
    isAlone: false,
  };
  return { output: question.answer, violations: await violationsOf(target.laws, question) };
}

/** The violations of `laws` by a target whose answer was found right just now; `question.answer` must be a copy. */
export async function violationsOf(laws: readonly Law[], question: Question): Promise<Violation[]> {
  const violations: Violation[] = [];
  for (const law of laws) {
    const broken = await checks[law](question);
    if (broken !== null) violations.push(broken.violation);
  }
  return violations;
}
