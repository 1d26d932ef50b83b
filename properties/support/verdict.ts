/**
 * The verdict on one number, by decimal.js and by double precision: what compare.ts says is the law, screen.ts may acquit only
 * what is right, and estimate.ts may say only the same.
 */
import { expect } from 'vitest';
import type { Batch } from '../../src/core/batch.ts';
import { sizeOf } from '../../src/core/error-size.ts';
import type { Operation } from '../../src/core/operation.ts';
import { compare } from '../../src/judge/compare.ts';
import { createEstimate, UNDECIDED } from '../../src/judge/estimate.ts';
import type { Miss } from '../../src/judge/miss.ts';
import { unproven } from '../../src/judge/screen.ts';
import { createOracle } from '../../src/oracle/exact.ts';
import { defaultProfile } from '../../src/row/profiles.ts';

/** Severity and kind, or that the number is right. `open`: it is not acquitted at a glance, and double precision may leave it to decimal.js. */
export type Verdict = 'right' | 'open: right' | `${'' | 'open: '}${'error' | 'warning'} ${string}`;

/** What number `k` of an answer is in words, and how `got` in its place is judged. */
export type VerdictRow = readonly [
  what: string,
  operation: Operation,
  batch: Batch,
  k: number,
  got: number,
  verdict: Verdict,
];

function said(miss: Miss | null): string {
  return miss === null ? 'right' : `${miss.severity} ${miss.kind}`;
}

/** The same, with six digits of its sizes. */
function roughly(miss: Miss | null): unknown {
  const near = (x: number) => expect.toSatisfy((y: number) => Object.is(x, y) || Math.abs(y / x - 1) < 1e-6);
  if (miss === null) return null;
  const sizes = Object.entries(sizeOf(miss)).map(([name, size]) => [name, near(size)]);
  return { ...miss, ...Object.fromEntries(sizes) };
}

/** Asks decimal.js and double precision what is wrong with `got` as number `k`, everything else in the answer being right. */
export function expectVerdict(
  operation: Operation,
  batch: Batch,
  k: number,
  got: number,
  verdict: Verdict,
  profile = defaultProfile,
): void {
  const oracle = createOracle(batch);
  const isOpen = verdict.startsWith('open: ');
  const expected = isOpen ? verdict.slice('open: '.length) : verdict;
  expect(said(compare(oracle, operation, k, got, profile))).toBe(expected);

  const output = oracle.rounded(operation, profile.answer).with(k, got);
  const suspects = unproven(operation, batch, oracle.approximate, output, profile);
  expect(suspects).toEqual(verdict === 'right' ? [] : [k]);
  if (verdict === 'right') return;
  const estimated = createEstimate(operation, batch, oracle.approximate, profile)(k, got);
  if (estimated === UNDECIDED) expect(isOpen).toBe(true);
  else if (estimated === null) expect([isOpen, expected]).toEqual([true, 'right']);
  else expect(estimated).toEqual(roughly(compare(oracle, operation, k, got, profile)));
}
