/**
 * Which known mistakes explain a finding and everything else that its target is asked: on inputs on which a kernel with the mistake is wrong, the target has to give the
 * same answer. A campaign has met few of these inputs, and what it has not met says little.
 */
import type { Batch } from '../core/batch.ts';
import type { Finding, SupportedCause } from '../core/finding.ts';
import type { CompleteKernel } from '../core/kernel.ts';
import type { Operation } from '../core/operation.ts';
import type { OptionName } from '../core/options.ts';
import { factorOf } from '../options/index.ts';
import { profileOf } from '../row/profile-formats.ts';
import { fingerprint } from '../shrink/fingerprint.ts';
import {
  agreement,
  bucketsOf,
  explainsEdge,
  isComparable,
  isOfRounding,
  LEAST_CONFIRMED,
  probes,
} from './diagnose.ts';
import { fittedTo } from './fitted.ts';
import type { FaultyKernel } from './hypothesis.ts';
import { faultyKernelsFor } from './known.ts';
import { answersOf, likeness } from './likeness.ts';
import { inShapes, MOST_LOGITS, richBatch, tellingApart } from './telling-apart.ts';

/** What a division and a product in FP32 make of a number is this near to it. */
const NEAR = 2 ** -20;

/** The batch with more columns, and with more rows: of faults that answer alike, one shows there as another does not. */
function largerThan(batch: Batch): Batch[] {
  const { rows, cols } = batch;
  return inShapes(batch, [
    [rows, 2 * cols],
    [rows, 8 * cols],
    [2 * rows, cols],
  ]);
}

/** The batch with nothing hidden: what fails where a mask hides may be wrong of every mask. */
function shownOf(batch: Batch): Batch[] {
  const mask = batch.options?.mask;
  if (mask === undefined || !mask.includes(0)) return [];
  return [{ ...batch, options: { ...batch.options, mask: mask.map(() => 1) } }];
}

/** Whether the error has a size: NaN, infinities and 0 agree by chance. */
function hasNumber(bucket: string): boolean {
  const [, kind] = bucket.split('/');
  return kind === 'inaccurate' || kind === 'out-of-range';
}

/** A target that is asked. */
export interface Asked {
  /** The batch as the target takes it by the operation, with options that it has fixed; null where it does not take it. */
  readonly given: (operation: Operation, batch: Batch) => Batch | null;
  /** What it answers to what was given; null where it gives no answer. */
  readonly answer: (operation: Operation, batch: Batch) => Promise<Float32Array | null>;
}

/** The causes of a finding that the answers of its target support, in the order of hypotheses; undefined where hypotheses do not speak of it. */
export async function supportedCauses(
  finding: Finding,
  target: Asked,
): Promise<readonly SupportedCause[] | undefined> {
  const { operation, batch } = finding;
  if (!isComparable(finding)) return undefined;
  if (isOfRounding(finding)) return [];
  const { answer: format } = profileOf(finding);
  const own = fingerprint(batch);
  const near = [...largerThan(batch), ...shownOf(batch)];
  const withOthers = { ...batch, logits: batch.logits.map((_, k) => ((5 * k) % 8) / 4) };
  const further = [...near, withOthers, richBatch(batch), ...probes];
  const isTold = (bucket: string): boolean => finding.severity === 'warning' || !bucket.endsWith('/warning');
  /** The buckets of what the target has answered to a probe: the same for every kernel. */
  const shown = new Map<string, readonly string[]>();
  function shownBy(given: Float32Array, probe: Batch): readonly string[] {
    const key = fingerprint(probe);
    const known = shown.get(key) ?? bucketsOf(() => given, finding, probe).filter(isTold);
    shown.set(key, known);
    return known;
  }
  /**
   * On how many of the batches it is off by some number, or wrong at all on the `tests`, and the target the same; null where the target answers something else, and
   * where the kernel is right and the target fails as the finding's batch grows or shows what it hides, or as the finding does, with a number or with none, on any other: its mistake is then more than that.
   * `others` are the witnesses of others.
   */
  async function confirmedBy(
    kernel: CompleteKernel,
    witness: Batch,
    {
      tests = [],
      others = [],
    }: { readonly tests?: readonly Batch[]; readonly others?: readonly Batch[] } = {},
  ): Promise<number | null> {
    const answer = answersOf(kernel);
    let confirmed = 0;
    if (!hasNumber(finding.bucket) && isLostIn(witness)) return null;
    for (const each of [...further, witness, ...others, ...tests]) {
      const probe = each.logits.length > MOST_LOGITS ? null : target.given(operation, each);
      if (probe === null || fingerprint(probe) === own) continue;
      const wrong = bucketsOf(answer, finding, probe).filter(isTold);
      const given = await target.answer(operation, probe);
      if (wrong.length === 0) {
        const isMore = (bucket: string): boolean =>
          near.includes(each) || others.includes(each) || hasNumber(bucket) === hasNumber(finding.bucket);
        if (given !== null && shownBy(given, probe).some(isMore)) return null;
        continue;
      }
      const made = answer(operation, probe).map(format.round);
      if (given === null || likeness(made, given, format) === 'no') return null;
      // Alike, and right: 1 / (1 + 1e-6) is alike 1.
      if (shownBy(given, probe).length === 0) return null;
      if (wrong.some(hasNumber) || tests.includes(each)) confirmed++;
    }
    return confirmed;
  }

  /** Whether the target is given the witness rounded to a narrower format, where -65640 is -65536, and may show nothing. A fixed scale or temperature makes its logits of others. */
  function isLostIn(witness: Batch): boolean {
    const given = witness.logits.length > MOST_LOGITS ? null : target.given(operation, witness);
    const factor = witness.options === undefined ? factorOf(given?.options ?? {}) : 1;
    const isNear = (x: number, wanted: number): boolean =>
      Object.is(x, wanted) || (factor !== 1 && Math.abs(factor * x - wanted) <= NEAR * Math.abs(wanted));
    return given?.logits.some((x, k) => !isNear(x, witness.logits[k])) ?? false;
  }

  const explains = (kernel: CompleteKernel): boolean => agreement(finding, answersOf(kernel)) !== 'no';
  const causes = new Map<string, SupportedCause>();
  const add = (words: string, confirmed: number): void => {
    causes.set(words, { words, confirmed: Math.max(confirmed, causes.get(words)?.confirmed ?? 0) });
  };
  const explaining: FaultyKernel[] = [];
  /** Whether the target takes every option of a mistake's witness. */
  function takesAllOf(witness: Batch): boolean {
    if (witness.options === undefined) return true;
    const names = Object.keys(witness.options) as OptionName[];
    return [witness, ...inShapes(witness, [[batch.rows, batch.cols]])].some((each) => {
      const given = target.given(operation, each);
      return given !== null && names.every((name) => given.options?.[name] !== undefined);
    });
  }
  for (const each of faultyKernelsFor([batch]))
    if (explains(each.kernel) && (await confirmedBy(each.kernel, each.witness())) !== null)
      explaining.push(each);
  // Of those that answer alike, one in options that the target does not take is less likely than one without.
  const likely = explaining.filter(({ witness }) => takesAllOf(witness()));
  const supported = likely.length > 0 ? likely : explaining;
  // What shows one of them, and what they answer differently, tells it from the others.
  const apart = tellingApart(
    finding,
    supported.map((each) => answersOf(each.kernel)),
  );
  for (const { words, kernel, witness } of supported) {
    const witnesses = supported.filter((other) => other.words !== words).map((other) => other.witness());
    const confirmed = await confirmedBy(kernel, witness(), { others: [...witnesses, ...apart] });
    if (confirmed !== null) add(words, confirmed);
  }
  if (causes.size > 0) return [...causes.values()];
  // A number that was estimated from one answer agrees with that by itself.
  for (const { words, kernel, witness, tests } of fittedTo(finding, (kernel) =>
    explainsEdge(finding, answersOf(kernel)),
  )) {
    const confirmed = await confirmedBy(kernel, witness(), { tests });
    if (confirmed !== null && confirmed >= LEAST_CONFIRMED) add(words, confirmed);
  }
  return [...causes.values()];
}
