/** Correct designs in every format and along every axis: FP32 arithmetic, on rows that are gathered from where they lie. */
import { type Kernel, operationsOf } from '../../../core/kernel.ts';
import { inRows, type Layout, layoutNames, optionsAndLayout, placeOf } from '../../../core/layout.ts';
import { definitions, type Operation, usesTargets, usesUpstream } from '../../../core/operation.ts';
import { isOfRows, isScalar, type Options } from '../../../core/options.ts';
import { type FormatName, formats } from '../../../formats/index.ts';
import { storedIn } from '../../stored.ts';
import type { Design } from './design.ts';

type Call = (...args: readonly unknown[]) => unknown;

/** The designs of FP32 among `designs`, each in `names` of formats, and with logits in every layout. */
export function crossed(designs: readonly Design[], names: readonly FormatName[]): Design[] {
  const ofFp32 = designs.filter(({ declaration }) => declaration.format === undefined);
  return ofFp32.flatMap(({ name, about, declaration, kernel }) =>
    names.map((format) => ({
      name: `${name}-${format}`,
      about: `${about}; in ${format}, in every layout`,
      declaration: { ...declaration, format, layouts: layoutNames },
      kernel: storedIn(inLayouts(kernel), formats[format]),
    })),
  );
}

/** A kernel of contiguous rows, for arrays in any layout. */
export function inLayouts(kernel: Kernel): Kernel {
  const entries = operationsOf(kernel).map((operation) => [operation, gathering(kernel, operation)]);
  return Object.fromEntries(entries);
}

function gathering(kernel: Kernel, operation: Operation): Call {
  const call = (kernel[operation] as Call).bind(kernel);
  const arrays = usesUpstream(operation) ? 2 : 1;
  return (...args) => {
    const sizes = arrays + (usesTargets(operation) ? 1 : 0);
    const [rows, cols] = args.slice(sizes, sizes + 2) as [number, number];
    const { options, layout } = optionsAndLayout(args[sizes + 2] as Options | undefined);
    const behind = options === undefined ? [] : [options];
    if (layout === undefined) return call(...args.slice(0, sizes + 2), ...behind);
    const gathered = args.slice(0, sizes).map((arg, k) => {
      const isLogits = k === arrays - 1;
      const values = arg as Float32Array;
      if ('rowStride' in layout) return isLogits ? withoutGaps(values, rows, cols, layout.rowStride) : arg;
      return values.length === rows * cols && !(arg instanceof Int32Array)
        ? inRows(values, cols, layout)
        : arg;
    });
    const answer = call(
      ...gathered,
      rows,
      cols,
      ...(options === undefined ? [] : [optionsInRows(options, rows, cols, layout)]),
    );
    return definitions[operation].answers === 'logit' && 'inner' in layout
      ? scattered(answer as Float32Array, cols, layout.inner)
      : answer;
  };
}

function withoutGaps(logits: Float32Array, rows: number, cols: number, rowStride: number): Float32Array {
  const dense = new Float32Array(rows * cols);
  for (let r = 0; r < rows; r++) dense.set(logits.subarray(r * rowStride, r * rowStride + cols), r * cols);
  return dense;
}

function optionsInRows(options: Options, rows: number, cols: number, layout: Layout): Options {
  const entries = Object.entries(options).map(([name, value]) => {
    const isLaidOut = !isScalar(value) && !isOfRows(name) && value.length === rows * cols;
    return [name, isLaidOut ? inRows(value, cols, layout) : value];
  });
  return Object.fromEntries(entries);
}

function scattered(rows: Float32Array, cols: number, inner: number): Float32Array {
  const answer = new Float32Array(rows.length);
  for (let k = 0; k < rows.length; k++) answer[placeOf(k, cols, inner)] = rows[k];
  return answer;
}
