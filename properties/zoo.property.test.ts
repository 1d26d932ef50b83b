/**
 * The zoo: every faulty kernel is found out, by its recorded counterexample and by the generator, and no correct design is
 * blamed. How soon each is found, over ten seeds, is measured by `npm run test:zoo`; the designs go through a million rows
 * in `npm run test:designs`.
 */
import { describe, expect, it } from 'vitest';
import { type Cases, casesOf } from '../src/campaign/cases.ts';
import { operationsOf } from '../src/core/kernel.ts';
import type { Operation } from '../src/core/operation.ts';
import type { Target } from '../src/core/target.ts';
import { bucketOf, type Violation } from '../src/core/violation.ts';
import { judge, surmise } from '../src/judge/judge.ts';
import { profileNamed } from '../src/judge/profile.ts';
import { correctDesigns } from '../src/kernels/zoo/correct/index.ts';
import { faultClasses, type ZooEntry } from '../src/kernels/zoo/entry.ts';
import { zoo } from '../src/kernels/zoo/index.ts';
import { createWorkspace } from '../src/oracle/approximation.ts';
import { createOracle, type Oracle } from '../src/oracle/exact.ts';
import { createTarget } from '../src/targets/create.ts';
import { examine } from '../src/targets/examine.ts';

/** What is wrong with the target's answer. Every kernel here answers at once. */
function violations(
  target: Target,
  operation: Operation,
  oracle: Oracle,
  verdict = judge,
): readonly Violation[] {
  const examination = examine(target, operation, oracle, verdict);
  if (examination instanceof Promise) throw new TypeError(`${target.name} answers by a promise`);
  return examination.violations;
}

const targetOf = ({ id, kernel, profile }: ZooEntry): Target => createTarget(id, kernel, { profile });
const designs = correctDesigns.map(({ name, kernel, declaration }) =>
  createTarget(name, kernel, declaration),
);
const entries = zoo.map((entry): [string, ZooEntry] => [`${entry.id} ${entry.name}`, entry]);
const generated = (seed: number): Cases => casesOf({ seed, saved: [], generation: {} });

describe('the zoo', () => {
  it('should name each entry once', () => {
    expect(new Set(zoo.map(({ id }) => id)).size).toBe(zoo.length);
    expect(new Set([...zoo, ...correctDesigns].map(({ name }) => name)).size).toBe(
      zoo.length + correctDesigns.length,
    );
  });

  it('should have faults of each class, and of each difficulty at least 15', () => {
    expect(new Set(zoo.map((entry) => entry.class))).toEqual(new Set(faultClasses));
    for (const difficulty of ['easy', 'medium', 'hard', 'very hard']) {
      expect(zoo.filter((entry) => entry.difficulty === difficulty).length).toBeGreaterThanOrEqual(15);
    }
  });

  it('should hold kernels of the one operation that is said', () => {
    for (const { kernel, operation } of zoo) expect(operationsOf(kernel)).toEqual([operation]);
  });

  it.each(entries)(
    '%s should fail in its bucket on its counterexample, and the exact answer not',
    (_, entry) => {
      const { operation, profile, counterexample, bucket } = entry;
      const oracle = createOracle(counterexample);
      expect(violations(targetOf(entry), operation, oracle).map(bucketOf)).toContain(bucket);
      expect(judge(oracle, operation, oracle.rounded(operation), profileNamed(profile))).toEqual([]);
    },
  );

  it.each([1, 2])('should be found out by the first 500 cases of seed %i, unless hard', (seed) => {
    const workspace = createWorkspace();
    const cases = generated(seed);
    let loose = zoo.filter(({ difficulty }) => difficulty === 'easy' || difficulty === 'medium');
    for (let number = 0; number < 500 && loose.length > 0; number++) {
      const oracle = createOracle(cases.at(number).batch, workspace);
      loose = loose.filter((entry) => {
        const severity = entry.bucket.endsWith('/warning') ? 'warning' : 'error';
        const found = violations(targetOf(entry), entry.operation, oracle, surmise);
        return !found.some((violation) => violation.severity === severity);
      });
    }
    expect(loose.map(({ id, name }) => `${id} ${name}`)).toEqual([]);
  });
});

describe('correct designs', () => {
  /** Who is blamed for an answer to the batch, and for what. Every design sees the same oracle. */
  const blames = (oracle: Oracle): string[] =>
    designs.flatMap((target) =>
      operationsOf(target.kernel).flatMap((operation) =>
        violations(target, operation, oracle, surmise).map((each) => `${target.name}: ${bucketOf(each)}`),
      ),
    );

  // Those of 65,536 logits, over 90 % of the work, are left to `npm run test:designs`.
  it('should not be blamed for the counterexample of any fault, of up to 4096 logits', () => {
    const workspace = createWorkspace();
    const short = zoo.filter(({ counterexample }) => counterexample.logits.length <= 4096);
    const blamed = short.map(({ id, counterexample }) => [
      id,
      ...blames(createOracle(counterexample, workspace)),
    ]);
    expect(blamed.filter(({ length }) => length > 1)).toEqual([]);
  });

  it('should not be blamed for what the generator draws', () => {
    const workspace = createWorkspace();
    const cases = generated(20260101);
    const blamed = Array.from({ length: 100 }, (_, number) => [
      number,
      ...blames(createOracle(cases.at(number).batch, workspace)),
    ]);
    expect(blamed.filter(({ length }) => length > 1)).toEqual([]);
  });
});
