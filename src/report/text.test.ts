import { describe, expect, it } from 'vitest';
import { noLimits, recordedOf, resultWith } from '../../properties/support/findings.ts';
import { batchOf } from '../core/batch.ts';
import type { ErrorSize } from '../core/error-size.ts';
import type { Finding } from '../core/finding.ts';
import { fp32 } from '../formats/index.ts';
import type { Diagnosis } from '../hypotheses/diagnose.ts';
import { sizeOfError } from '../judge/compare.ts';
import type { RecordedFinding } from '../record/run.ts';
import { formatFault } from './fault-block.ts';
import { formatRun, formatTarget } from './run-text.ts';
import { formatFinding, formatOrigin } from './text.ts';

const wide = new Array(1024).fill(0);

/** The sizes of an error beside an exact value, in a unit of 1. */
function off(error: number, exact: number): Pick<Finding, keyof ErrorSize | 'typicalWeight'> {
  const size = sizeOfError(0, { error, budgetUse: 1e6 }, exact, 1, fp32);
  return { ...size, typicalWeight: error };
}

/** A warning about a mean loss of two rows, from the article's batch. */
const warning = recordedOf(
  {
    operation: 'crossEntropy',
    property: 'accuracy',
    kind: 'inaccurate',
    severity: 'warning',
    bucket: 'crossEntropy/inaccurate/ordinary/warning',
    batch: batchOf(
      [
        [16777216, 16777216],
        [0, 1],
      ],
      [1, 0],
    ),
    output: Float32Array.of(0.5),
    expected: Float32Array.of(1.0032044),
    ...off(0.5032, 1.0032),
    errorUlp: 4_200_000,
    budgetUse: 12.345,
    boundary: null,
    origin: { by: 'article' },
    occurrences: 1,
    shrink: { evaluations: 1, improvements: 0, minimal: false },
  },
  '00000002',
);

/** A kernel that forgets the end of a row of 1024. */
const tail = recordedOf(
  {
    kind: 'zeroed',
    bucket: 'softmax/zeroed/ordinary',
    batch: batchOf([wide]),
    output: new Float32Array(1024).fill(2 ** -10).fill(0, 1000),
    expected: new Float32Array(1024).fill(2 ** -10),
    index: 1023,
    ...off(2 ** -10, 2 ** -10),
    boundary: null,
    origin: { by: 'saved', file: 'tail.json' },
  },
  '00000003',
);

/** A kernel that throws. */
const thrown = recordedOf(
  {
    kind: 'threw',
    bucket: 'softmax/threw',
    output: null,
    index: null,
    detail: 'RangeError: `n` is <not> a | multiple of 4',
    boundary: null,
    target: { name: 'mine', specifier: './my kernel.mjs#softmax' },
  },
  '00000004',
);

describe('formatFault', () => {
  const faultOf = (
    lead: RecordedFinding,
    others: readonly RecordedFinding[] = [],
    cause: Diagnosis | null = null,
  ) => formatFault({ lead, others, cause });

  it('should be what fails, what came of it, and how to see it again', () => {
    expect(faultOf(recordedOf())).toMatchInlineSnapshot(`
      "FAIL  mine: softmax/nan/exp-overflow  (finding 7c1e0400)
        What        NaN where the exact answer is finite
        Because     exp of a logit overflows FP32 (88.72284 and above)
        Simplest    softmax([89])
        Got         [NaN] 7fc00000, expected [1] 3f800000
        Boundary    fails like this from 88.72284 (42b17218), not at 88.72283 (42b17217)
        Replay      npx softmax-fuzz replay reports/latest/findings/7c1e0400.json --target ./mine.mjs"
    `);
    expect(faultOf(warning)).toMatchInlineSnapshot(`
      "WARN  mine: crossEntropy/inaccurate/ordinary/warning  (finding 00000002)
        What        further from the exact answer than the budget allows
        Trigger     nothing unusual in the row
        Simplest    crossEntropy([[16777216, 16777216], [0, 1]], targets [1, 0])
        Got         [0.5] 3f000000, expected [1.0032043] 3f806900
        Error       the loss: off by 0.503 (relative 0.502, 4.2e+6 ULP), 12.3 times the budget
        Replay      npx softmax-fuzz replay reports/latest/findings/00000002.json --target ./mine.mjs"
    `);
    expect(faultOf(tail)).toMatchInlineSnapshot(`
      "FAIL  mine: softmax/zeroed/ordinary  (finding 00000003)
        What        0 where the exact answer is not
        Trigger     nothing unusual in the row
        Simplest    softmax([0 ×1024])
        Got         output[1023] = 0 00000000, expected 0.0009765625 3a800000
        Error       output[1023]: off by 9.8e-4 (relative 1, 8.4e+6 ULP), 1e+6 times the budget
        Replay      npx softmax-fuzz replay reports/latest/findings/00000003.json --target ./mine.mjs"
    `);
    expect(faultOf(thrown)).toMatchInlineSnapshot(`
      "FAIL  mine: softmax/threw  (finding 00000004)
        What        the kernel threw
        Detail      RangeError: \`n\` is <not> a | multiple of 4
        Simplest    softmax([89])
        Replay      npx softmax-fuzz replay reports/latest/findings/00000004.json --target './my kernel.mjs#softmax'"
    `);
  });

  it('should leave out the boundary before what else the fault shows', () => {
    const { boundary } = recordedOf().finding;
    const lines = (others: readonly RecordedFinding[]) =>
      faultOf(recordedOf({ ...off(0.5, 1), boundary }), others)
        .split('\n')
        .map((line) => line.slice(2, 10).trim());
    expect(lines([])).toContain('Boundary');
    expect(lines([tail])).toContain('Also');
    expect(lines([tail])).not.toContain('Boundary');
    expect(lines([tail]).length).toBe(8);
  });

  it('should take eight lines at most, and name the cause where it is known', () => {
    const cause: Diagnosis = { words: 'subtracts no maximum', explains: 9, of: 9, isExact: true };
    const block = faultOf(
      recordedOf({ ...off(0.5, 1), detail: 'a detail', explanation: recordedOf().finding.explanation }),
      [tail, thrown],
      cause,
    );
    expect(block.split('\n').length).toBeLessThanOrEqual(8);
    expect(block).toMatch(/Cause +answers as a kernel would that subtracts no maximum/);
    expect(block).toMatch(/\n {2}Replay {6}[^\n]*$/);
  });
});

describe('formatFinding', () => {
  it('should show one logit with all there is to say', () => {
    expect(formatFinding(recordedOf())).toMatchInlineSnapshot(`
      "FAIL  mine: softmax/nan/exp-overflow  (finding 7c1e0400)
        What        NaN where the exact answer is finite
        Because     exp of a logit overflows FP32 (88.72284 and above)
        Simplest    softmax([89])
        bits        42b20000
        Expected    [1]  3f800000
        Got         [NaN]  7fc00000
        Error       output[0]: not comparable
        Boundary    fails like this from 88.72284 (42b17218), not at 88.72283 (42b17217)
        Found       seed -7, case 12; met 1,234 times; shrunk from 1 x 3 in 41 tries
        Replay      npx softmax-fuzz replay reports/latest/findings/7c1e0400.json --target ./mine.mjs"
    `);
  });

  it('should show a mean loss', () => {
    expect(formatFinding(warning)).toMatchInlineSnapshot(`
      "WARN  mine: crossEntropy/inaccurate/ordinary/warning  (finding 00000002)
        What        further from the exact answer than the budget allows
        Trigger     nothing unusual in the row
        Simplest    crossEntropy([[16777216, 16777216], [0, 1]], targets [1, 0])
        bits        4b800000 4b800000 00000000 3f800000
        Expected    [1.0032043]  3f806900
        Got         [0.5]  3f000000
        Error       the loss: off by 0.503 (relative 0.502, 4.2e+6 ULP), 12.3 times the budget
        Weight      0.503, typically 0.503
        Found       the article's batch; met 1 time; shrunk from 1 x 3 in 1 try, not minimal
        Replay      npx softmax-fuzz replay reports/latest/findings/00000002.json --target ./mine.mjs"
    `);
  });

  it('should show of 1024 logits the one that is wrong', () => {
    expect(formatFinding(tail)).toMatchInlineSnapshot(`
      "FAIL  mine: softmax/zeroed/ordinary  (finding 00000003)
        What        0 where the exact answer is not
        Trigger     nothing unusual in the row
        Simplest    softmax([0 ×1024])
        bits        00000000 ×1024
        Expected    output[1023] = 0.0009765625  3a800000
        Got         output[1023] = 0  00000000
        Error       output[1023]: off by 9.8e-4 (relative 1, 8.4e+6 ULP), 1e+6 times the budget
        Weight      9.8e-4, typically 9.8e-4
        Found       saved tail.json; met 1,234 times; shrunk from 1 x 3 in 41 tries
        Replay      npx softmax-fuzz replay reports/latest/findings/00000003.json --target ./mine.mjs"
    `);
  });

  it('should say what may be anything', () => {
    const explanation = { values: 16, logits: [0], classes: 1, targets: [], upstream: [], together: null };
    expect(formatFinding(recordedOf({ batch: batchOf([[0, 89]]), explanation }))).toMatch(
      '\n  Anything    softmax([*, 89]) fails like this with everything tried for *: 16 other values\n',
    );
  });

  it('should show what was thrown, and quote what a shell would split', () => {
    expect(formatFinding(thrown)).toMatchInlineSnapshot(`
      "FAIL  mine: softmax/threw  (finding 00000004)
        What        the kernel threw
        Detail      RangeError: \`n\` is <not> a | multiple of 4
        Simplest    softmax([89])
        bits        42b20000
        Expected    [1]  3f800000
        Found       seed -7, case 12; met 1,234 times; shrunk from 1 x 3 in 41 tries
        Replay      npx softmax-fuzz replay reports/latest/findings/00000004.json --target './my kernel.mjs#softmax'"
    `);
  });

  it('should show the element beside a boundary, and errors where nothing is allowed', () => {
    const finding = recordedOf({
      batch: batchOf([[0, -104]]),
      kind: 'special-value',
      output: Float32Array.of(1, Number.NEGATIVE_INFINITY),
      expected: Float32Array.of(1, 0),
      index: 1,
      ...off(1e-3, 0),
      errorUlp: 3,
      budgetUse: Number.POSITIVE_INFINITY,
      boundary: { cell: 1, passes: -103.97207641601562, fails: -103.97208404541016 },
    });
    expect(formatFinding(finding)).toMatch(/Error +output\[1\]: off by 0\.001, no error is allowed here\n/);
    expect(formatFinding(finding)).toMatch(
      /Boundary +logits\[1\] fails like this from -103\.972084 \(c2cff1b5\), not at -103\.97208 \(c2cff1b4\)\n/,
    );
  });
});

describe('formatFinding, of an error that is heavier than those that are known', () => {
  const heavy = recordedOf({
    ...off(0.7, 1),
    exceeds: 1e-7,
    worst: { ...tail.finding.worst, ...off(0.9, 1) },
  });
  const light = recordedOf({ ...off(1e-7, 0.25) }, '00000009');

  it('should say how heavy they were, and what else of the bucket was met', () => {
    const block = formatFinding(heavy, [heavy, light]);
    expect(block).toMatch(
      '\n  Weight      0.7; up to 0.9 met, typically 0.7\n  Known       was 1e-7, is 0.9\n',
    );
    expect(block).toMatch(
      '\n  Lighter     softmax([89]): off by 1e-7 (relative 4e-7, 3.36 ULP), finding 00000009\n',
    );
  });

  it('should tell the lighter one below the line of the heavier', () => {
    const result = resultWith({ verdict: 'falsified', findings: [heavy, light] });
    expect(formatTarget(result)).toMatch(/FAIL {2}7c1e0400 .*\(was 1e-7, is 0\.9\)/);
    const text = formatRun({
      seed: 1,
      limits: noLimits,
      elapsedMs: 1,
      interrupted: false,
      targets: [result],
    });
    expect(text.match(/^FAIL /gm)).toHaveLength(1);
  });
});

describe('formatOrigin', () => {
  it('should say where a batch came from', () => {
    expect([recordedOf(), warning, tail].map(({ finding }) => formatOrigin(finding))).toEqual([
      'seed -7, case 12; met 1,234 times; shrunk from 1 x 3 in 41 tries',
      "the article's batch; met 1 time; shrunk from 1 x 3 in 1 try, not minimal",
      'saved tail.json; met 1,234 times; shrunk from 1 x 3 in 41 tries',
    ]);
  });

  it('should say how far a climb went', () => {
    const origin = { by: 'generated', seed: 1, case: 17, families: ['ties'], step: 4 } as const;
    expect(formatOrigin(recordedOf({ origin }).finding)).toMatch(/^seed 1, case 17, 4 steps from it; met /);
  });
});

describe('formatTarget', () => {
  it('should tell errors, warnings and what is known apart, and name what was not found', () => {
    const known = recordedOf(
      { known: true, bucket: 'softmax/nan/exp-underflow', batch: batchOf([[-104]]) },
      '00000005',
    );
    const result = resultWith({
      verdict: 'falsified',
      findings: [thrown, warning, tail, known],
      notFound: ['softmax/zeroed/*'],
      cases: 1,
    });
    expect(formatTarget(result)).toMatchInlineSnapshot(`
      "mine: FALSIFIED  (1 batch, 12,345 logits, 1 operation)
        FAIL  00000003  softmax/zeroed/ordinary                   softmax([0 ×1024])
        FAIL  00000004  softmax/threw                             softmax([89])
        WARN  00000002  crossEntropy/inaccurate/ordinary/warning  crossEntropy([[16777216, 16777216], [0, 1]], targets [1, 0])
        known 00000005  softmax/nan/exp-underflow                 softmax([-104])
        known, but not found in this run: softmax/zeroed/*"
    `);
  });

  it('should not call it falsified where only warnings are new', () => {
    expect(formatTarget(resultWith({ verdict: 'warnings', findings: [warning] }))).toMatch(
      'mine: new warnings, no new error  (401 batches, 12,345 logits, 1 operation)\n',
    );
  });

  it('should say how many calls were made again, and gave the same bits', () => {
    const repeats = { asked: 1234, same: 1233 };
    expect(formatTarget(resultWith({ repeats }))).toMatch(
      '\n  the same bits in 1,233 of 1,234 calls that were made again',
    );
    expect(formatTarget(resultWith({ repeats, verdict: 'falsified' }))).not.toContain('again');
  });

  it('should be one line where all is well', () => {
    expect(formatTarget(resultWith({ operations: ['softmax', 'crossEntropy'] }))).toBe(
      'mine: every property held  (401 batches, 12,345 logits, 2 operations)',
    );
  });
});

describe('formatRun', () => {
  it('should give a block to new findings alone, and end with the seed', () => {
    const known = { ...recordedOf({ known: true }, '00000006') };
    const run = {
      seed: -7,
      limits: noLimits,
      elapsedMs: 1234,
      interrupted: true,
      targets: [resultWith({ verdict: 'known', findings: [known] })],
    };
    expect(formatRun(run)).toMatchInlineSnapshot(`
      "mine: only known findings  (401 batches, 12,345 logits, 1 operation)
        known 00000006  softmax/nan/exp-overflow  softmax([89])

      seed -7, 1.2 s, interrupted"
    `);
  });
});
