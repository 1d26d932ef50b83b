import { describe, expect, it } from 'vitest';
import type { Finding } from '../../core/finding.ts';
import { builtinTarget } from '../../targets/builtin.ts';
import { createTarget } from '../../targets/create.ts';
import { casesOf } from '../explore/cases.ts';
import { createExplorer } from '../explore/explore.ts';
import { merge } from '../merge.ts';
import type { Journal } from '../state.ts';
import type { Subject } from '../subject.ts';
import { findingsOf, heaviestOf } from './findings.ts';
import { startsOf } from './starts.ts';

const subject: Subject = { target: builtinTarget('naive'), operations: ['softmax'] };
const cases = casesOf({ seed: 1, saved: [], generation: { maxRows: 1, maxCols: 4 } });

async function tallied() {
  const { tallies } = await createExplorer([subject], cases, Number.POSITIVE_INFINITY)([0, 200]);
  return tallies[0];
}

/** A journal in memory. */
function journalWith(kept: Map<string, Finding>): Journal {
  return {
    state: null,
    save: () => {},
    finding: (_, bucket) => kept.get(bucket) ?? null,
    keep: (_, bucket, finding) => kept.set(bucket, finding),
  };
}

describe('findingsOf', () => {
  it('should minimize each bucket once, whatever happens in between', async () => {
    const tally = await tallied();
    const kept = new Map<string, Finding>();
    const options = { cases, generation: {}, journal: journalWith(kept), onFinding: () => {} };
    const findings = await findingsOf(0, subject, tally, options);
    const starts = [...tally.discoveries]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .flatMap(([bucket, discovery]) =>
        startsOf(discovery).map(({ isHeaviest }) => (isHeaviest ? heaviestOf(bucket) : bucket)),
      );
    expect([...kept.keys()].sort()).toEqual([...starts].sort()); // Errors come first.

    const silent = { ...subject, target: { ...subject.target, kernel: {} } }; // It cannot be asked again.
    expect(await findingsOf(0, silent, tally, options)).toEqual(findings);
  });

  it('should minimize again what was shrunk from another case, and take the worst case from the tally', async () => {
    const tally = await tallied();
    const [bucket] = tally.discoveries.keys();
    const only = { ...tally, discoveries: new Map([...tally.discoveries].slice(0, 1)) };
    const options = { cases, generation: {}, onFinding: () => {} };
    const [finding] = await findingsOf(0, subject, only, options);
    const stale = { ...finding, origin: { by: 'article' as const }, boundary: null, occurrences: 0 };
    const lacking = { ...finding, worst: { ...finding.worst, budgetUse: 0 }, occurrences: 0 };
    for (const earlier of [stale, lacking]) {
      const kept = new Map([[bucket, earlier as Finding]]);
      expect(await findingsOf(0, subject, only, { ...options, journal: journalWith(kept) })).toEqual([
        finding,
      ]);
      expect(kept.get(bucket)).toEqual(finding);
    }
  });

  it('should ask a fresh process once of each batch that discoveries shrink to, and say the same of all', async () => {
    const { discoveries, ...tally } = await tallied();
    let renewals = 0;
    const renew = async () => void renewals++;
    const renewed: Subject = { ...subject, target: { ...subject.target, renew } };
    const options = { cases, generation: {}, onFinding: () => {} };
    const findings = await findingsOf(0, renewed, { ...tally, discoveries }, options);
    const told = merge(findings);
    const shrunk = findings.filter(({ shrink }) => !shrink.cut);
    const batches = new Set(shrunk.map(({ bucket, batch }) => `${bucket} ${batch.logits}`));
    expect(renewals).toBe(batches.size);
    expect(batches.size).toBeLessThan(shrunk.length);

    const alone: Finding[] = [];
    for (const [bucket, discovery] of [...discoveries].sort(([a], [b]) => (a < b ? -1 : 1))) {
      const only = { ...tally, discoveries: new Map([[bucket, discovery]]) };
      alone.push(...(await findingsOf(0, renewed, only, options)));
    }
    expect(merge(alone)).toEqual(told);
  });

  it('should shrink no warning that is not told because an error is, and all of a shard', async () => {
    const tally = await tallied();
    const options = { cases, generation: {}, onFinding: () => {} };
    const whole = await findingsOf(0, subject, tally, options);
    const part = await findingsOf(0, subject, tally, { ...options, isShard: true });
    const isCut = ({ shrink }: Finding) => shrink.cut === true;
    expect(whole.filter(isCut).length).toBeGreaterThan(0);
    expect(whole.filter(isCut).every(({ severity }) => severity === 'warning')).toBe(true);
    expect(merge(whole).some(isCut)).toBe(false);
    expect(part.some(isCut)).toBe(false);
    const buckets = merge(part).map(({ bucket }) => bucket);
    expect(buckets).toEqual(expect.arrayContaining(merge(whole).map(({ bucket }) => bucket)));
  });

  it('should name what it shrinks', async () => {
    const tally = await tallied();
    const shrinking = new Set<string>();
    const onShrinking = (bucket: string) => shrinking.add(bucket);
    await findingsOf(0, subject, tally, { cases, generation: {}, onFinding: () => {}, onShrinking });
    expect([...shrinking].sort()).toEqual([...tally.discoveries.keys()].sort());
  });

  it('should keep nothing once it is interrupted', async () => {
    const kept = new Map<string, Finding>();
    const signal = AbortSignal.abort();
    const options = { cases, generation: {}, journal: journalWith(kept), onFinding: () => {} };
    const all = { ...options, signal, interrupt: signal };
    expect((await findingsOf(0, subject, await tallied(), all)).length).toBeGreaterThan(2);
    expect(kept.size).toBe(0);
  });

  it('should keep what time has cut, and shrink it again where there is time', async () => {
    const kept = new Map<string, Finding>();
    const tally = await tallied();
    const options = { cases, generation: {}, journal: journalWith(kept), onFinding: () => {} };
    const cut = await findingsOf(0, subject, tally, { ...options, signal: AbortSignal.abort() });
    expect(cut.every(({ shrink }) => shrink.cut === true && !shrink.minimal)).toBe(true);
    expect(new Set(kept.values())).toEqual(new Set(cut));

    const again = await findingsOf(0, subject, tally, options);
    expect(again).toEqual(await findingsOf(0, subject, tally, { ...options, journal: undefined }));
    expect(merge(again).every(({ shrink }) => shrink.minimal && shrink.cut === undefined)).toBe(true);
    expect(new Set(kept.values())).toEqual(new Set(again));
  });

  it('should tell the same buckets where there was no time to shrink, if there was time to look for causes', async () => {
    const ofMasks = casesOf({ seed: 1, saved: [], generation: { maxRows: 1, maxCols: 8 } });
    const { tallies } = await createExplorer([subject], ofMasks, Number.POSITIVE_INFINITY)([0, 400]);
    const options = { cases: ofMasks, generation: {}, onFinding: () => {} };
    const bucketsOf = async (more: object): Promise<Set<string>> => {
      const found = await findingsOf(0, subject, tallies[0], { ...options, ...more });
      return new Set(found.map(({ bucket }) => bucket));
    };
    const signal = AbortSignal.abort();
    const all = await bucketsOf({});
    expect(await bucketsOf({ signal, causes: new AbortController().signal })).toEqual(all);
    expect((await bucketsOf({ signal })).size).toBeGreaterThan(all.size);
  });

  it('should say of what is not asked again only that it was met', async () => {
    const aborted = AbortSignal.abort();
    const tally = await tallied();
    const silent = { ...subject, target: { ...subject.target, kernel: {} } }; // Asked, it would throw.
    const options = { cases, generation: {}, signal: aborted, halt: aborted, onFinding: () => {} };
    const found = await findingsOf(0, silent, tally, options);
    expect(found.map(({ bucket }) => bucket)).toEqual([...tally.discoveries.keys()].sort());
    for (const { output, detail, shrink, batch, original, expected } of found) {
      expect([output, detail]).toEqual([null, 'met, and not asked again']);
      expect(shrink).toEqual({ evaluations: 0, improvements: 0, minimal: false, cut: true });
      expect([batch, expected.length]).toEqual([original, batch.logits.length]);
    }
  });

  it('should doubt what is asked again in the same process only', async () => {
    let renewals = 0;
    const renew = async () => {
      renewals++;
    };
    const renewed = { ...subject, target: { ...subject.target, renew } };
    const aborted = AbortSignal.abort();
    const options = { cases, generation: {}, signal: aborted, hurry: aborted, onFinding: () => {} };
    const found = await findingsOf(0, renewed, await tallied(), options);
    expect(renewals).toBe(0);
    for (const { output, detail } of merge(found)) {
      expect(output).not.toBeNull();
      expect(detail).toMatch(/not asked again in a fresh process$/);
    }
  });

  it('should call unsteady what fails only after other calls', async () => {
    let calls = 0;
    const softmax = (logits: Float32Array) =>
      logits.map((_, k) => (++calls > 500 && k === 0 ? Number.NaN : 1));
    const renew = async () => {
      calls = 0;
    };
    const ones = createTarget('tired', { softmax });
    const worn: Subject = { target: { ...ones, renew, isRemote: true }, operations: ['softmax'] };
    const columns = casesOf({ seed: 1, saved: [], generation: { cols: 1 } });
    const { tallies } = await createExplorer([worn], columns, Number.POSITIVE_INFINITY)([0, 200]);
    const found = await findingsOf(0, worn, tallies[0], {
      cases: columns,
      generation: {},
      onFinding: () => {},
    });
    expect(found.map(({ kind, severity, detail }) => [kind, severity, detail])).toContainEqual([
      'nondeterministic',
      'warning',
      expect.stringMatching(
        /^it failed as softmax\/nan.* when it was met, in 1 of 1 further calls with the same input, and in 0 of 3 of a fresh process, and in 0 of 1 after the calls before it$/,
      ),
    ]);
    const lasting = await findingsOf(0, { ...worn, target: ones }, tallies[0], {
      cases: columns,
      generation: {},
      onFinding: () => {},
    });
    expect(lasting.map(({ kind }) => kind)).toContain('nan');
  });
});
