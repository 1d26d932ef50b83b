/**
 * The answer to logits in another layout is right as well: along the first of two dimensions, along the middle of three, and with a gap
 * behind each row, which stays as it is. Asked only of targets that declare the layout. Within the budget, not to the bit: another axis is another kernel.
 */
import { inRows, type Layout, laidOut, layoutsOf } from '../core/layout.ts';
import { definitions } from '../core/operation.ts';
import { profileOf } from '../row/profile-formats.ts';
import { observe } from '../targets/observe.ts';
import { type Breach, breach, kindOfFailure, type Question } from './law.ts';

/** See {@link Law}. */
export async function layout(question: Question): Promise<Breach | null> {
  const layouts = layoutsOf(question.target.layouts, question.operation);
  const { rows, cols } = question.oracle.batch;
  const asked: Layout[] = [
    ...(layouts.includes('inner') ? innerLayouts(rows) : []),
    ...(layouts.includes('rowStride') ? [{ rowStride: cols + 1 }, { rowStride: cols + 5 }] : []),
  ];
  for (const each of asked) {
    const broken = await checkLayout(question, each);
    if (broken !== null) return broken;
  }
  return null;
}

/** All rows along the last dimension, and the fewest more than one that divide them. */
function innerLayouts(rows: number): Layout[] {
  const divisor = [2, 3, 5, 7].find((each) => each < rows && rows % each === 0);
  return [
    { outer: 1, inner: rows },
    ...(divisor === undefined ? [] : [{ outer: rows / divisor, inner: divisor }]),
  ];
}

async function checkLayout(question: Question, given: Layout): Promise<Breach | null> {
  const { target, operation, oracle, verdict } = question;
  const { batch } = oracle;
  const observed = await observe(target, operation, laidOut(batch, given, Number.NaN));
  const place = describe(given, batch.cols);
  const broken = (kind: 'invariance' | 'mutated-input', detail: string): Breach =>
    breach(question, null, { law: 'layout', kind, index: null, detail });
  if (observed.status === 'mutated-input') return broken(observed.status, `${place}: ${observed.detail}`);
  if (observed.status !== 'answered') {
    const kind = kindOfFailure(observed, 'invariance');
    return breach(question, null, {
      law: 'layout',
      kind,
      index: null,
      detail: `${place}: ${observed.detail}`,
    });
  }
  const isOfLogits = definitions[operation].answers === 'logit';
  const output = isOfLogits ? inRows(observed.output, batch.cols, given) : observed.output.slice();
  const [violation] = verdict(oracle, operation, output, profileOf(target));
  if (violation === undefined) return null;
  const detail = `it is right for rows one behind the other, and not ${place}`;
  return { output, violation: { ...violation, kind: 'invariance', law: 'layout', trigger: null, detail } };
}

function describe(layout: Layout, cols: number): string {
  return 'inner' in layout
    ? `along the middle of ${layout.outer} x ${cols} x ${layout.inner}`
    : `with ${layout.rowStride} numbers from row to row`;
}
