/** Sweeps in this process, and what they should show, by decimals and one answer at a time. */
import { callKernel } from '../../src/core/kernel.ts';
import type { Target } from '../../src/core/target.ts';
import { fromBits, toBits } from '../../src/float32/bits.ts';
import type { Format } from '../../src/formats/format.ts';
import { formats, fp32 } from '../../src/formats/index.ts';
import { type Decimal, decimalOf, Wide } from '../../src/row/decimal.ts';
import { evaluateRow } from '../../src/row/exact-row.ts';
import { profileOf } from '../../src/row/profile-formats.ts';
import { sweepBlock } from '../../src/sweep/block.ts';
import { exactLevel } from '../../src/sweep/levels.ts';
import type { SweepOperation, SweepPlan } from '../../src/sweep/plan.ts';
import type { SweepResult } from '../../src/sweep/result.ts';
import { batchAt, type Series, seriesOf, xAt } from '../../src/sweep/series.ts';
import type { SweepState } from '../../src/sweep/state.ts';
import { type RunBlocks, sweep } from '../../src/sweep/sweep.ts';
import { provenFault } from '../../src/sweep/verdict.ts';
import { numbersIn, packed } from '../../src/targets/pack.ts';

/** Runs blocks one after the other in this process. */
export function here(target: Target, plan: SweepPlan): RunBlocks {
  return async (blocks, onBlock, signal) => {
    for (const block of blocks) if (!signal.aborted) onBlock(await sweepBlock(target, plan, block));
  };
}

const forgetful: SweepState = { finished: [], save: () => {} };

/** The result of a sweep in this process. */
export async function sweepHere(target: Target, plan: SweepPlan): Promise<SweepResult> {
  const result = await sweep(target, plan, forgetful, here(target, plan), new AbortController().signal);
  if (result === null) throw new Error('nobody interrupts it');
  return result;
}

/** The exact answers at the logit x and at the logit 0, correct to 10^-100 relative, also less 1 and less 1/2. */
export function exactAnswers(operation: SweepOperation, x: number): readonly Decimal[] {
  const { terms, logSum, max } = evaluateRow(Float32Array.of(x, 0), 120);
  if (operation === 'logSumExp') return [max.plus(logSum)];
  if (operation === 'logSoftmax') return terms.map(({ gap }) => gap.plus(logSum).neg());
  return terms.map(({ probability: p }, i) => (p.gt(0.5) ? Wide.sub(1, terms[1 - i].probability) : p));
}

/** The ULP by the exponent of `value` itself, also where double precision rounds it up to a power of two. */
export function exactUlp(value: Decimal, { ulp }: Format = fp32): number {
  const nearest = value.abs().toNumber();
  return ulp(value.abs().lt(new Wide(nearest)) ? nearest * (1 - 2 ** -53) : nearest);
}

/** One answer and what decimals say of it. */
export interface Answer {
  readonly position: number;
  readonly got: number;
  /** NaN for NaN, and where the exact answer is no number. */
  readonly ulps: Decimal;
  readonly level: number;
  readonly fault: string | null;
}

/** Every answer of a series at these positions. */
export function answersOf(
  { kernel }: Target,
  plan: SweepPlan,
  series: Series,
  positions: readonly number[],
): Answer[] {
  const { operation } = plan;
  const format = formats[plan.formats.answer];
  return positions.map((position) => {
    const batch = batchAt(plan, series, position);
    const answer = callKernel(kernel, operation, packed(operation, batch, plan.formats)) as Float32Array;
    const got = numbersIn(answer, plan.formats.answer)[series.index];
    const x = xAt(plan, position);
    const exact = Number.isFinite(x)
      ? exactAnswers(operation, x)[series.entry === 'x' ? 0 : 1]
      : new Wide(Number.NaN);
    const finite =
      Math.abs(got) === Number.POSITIVE_INFINITY ? decimalOf(format.beyond * Math.sign(got)) : decimalOf(got);
    const ulps = Wide.sub(finite, exact)
      .abs()
      .div(decimalOf(exact.isNaN() ? 1 : exactUlp(exact, format)));
    return {
      position,
      got: toBits(got),
      ulps,
      level: exactLevel(ulps),
      fault: provenFault(operation, profileOf(plan), batch, series.index, got),
    };
  });
}

/** What a sweep that visits these positions has to show. */
export function expectedSeries(target: Target, plan: SweepPlan, positions: readonly number[]) {
  return seriesOf(plan.operation).map((series) => {
    const answers = answersOf(target, plan, series, positions);
    const numbers = answers.filter(({ ulps }) => !ulps.isNaN());
    const top = Math.max(...numbers.map(({ level }) => level), 0);
    return {
      series,
      largest: numbers.reduce((max, { ulps }) => Math.max(max, ulps.toNumber()), 0),
      beyond: Array.from({ length: top }, (_, k) => ({
        ulps: 2 ** (k - 1),
        answers: numbers.filter(({ level }) => level > k).length,
      })),
      nans: answers.filter(({ got, fault }) => Number.isNaN(fromBits(got)) && fault !== null).length,
      intervals: intervalsOf(answers),
    };
  });
}

function intervalsOf(answers: readonly Answer[]) {
  const starts = answers.flatMap(({ fault }, i) =>
    fault !== null && fault !== answers[i - 1]?.fault ? [i] : [],
  );
  return starts.map((start) => {
    const { fault } = answers[start];
    const next = answers.findIndex((answer, i) => i > start && answer.fault !== fault);
    const end = (next === -1 ? answers.length : next) - 1;
    return {
      fault,
      from: answers[start].position,
      to: answers[end].position,
      answers: end - start + 1,
      parts: 1,
      gotFrom: answers[start].got,
      gotTo: answers[end].got,
    };
  });
}
