/** Softmax with options in FP32, in designs of the field that are right, and in ways that are wrong. */
import { type Batch, rowOf, rowOfValues, upstreamOf } from '../../src/core/batch.ts';
import type { Operation } from '../../src/core/operation.ts';
import { roundedSum } from '../../src/float32/rounded-sum.ts';
import { exp2, LOG2E } from '../../src/kernels/zoo/exp.ts';
import { exp32, f32, maxOf, sumOf } from '../../src/kernels/zoo/parts.ts';

const { NEGATIVE_INFINITY: MASKED } = Number;

/** A row of logits with its options, one number a logit. */
export interface OptionRow {
  readonly x: Float32Array;
  readonly scale: number;
  readonly temperature: number;
  readonly softcap: number | undefined;
  readonly bias: Float32Array;
  readonly mask: Uint8Array;
  /** -Infinity where there is none. */
  readonly sink: number;
}

/** A row less its maximum, the sink behind the logits, and the maximum. */
interface Shifted {
  readonly d: Float32Array;
  /** What weights are the powers of, where that is not `d`. */
  readonly exponents?: Float32Array;
  readonly max: number;
}

/** How a kernel comes to its row, and its derivative by logits. */
export interface Design {
  readonly shifted: (row: OptionRow) => Shifted;
  readonly slope: (row: OptionRow, i: number) => number;
  readonly weight?: (d: number) => number;
}

/** The steps before the row, each of which may be replaced. */
export interface Before {
  readonly scaled: (x: number, scale: number) => number;
  readonly divided: (y: number, temperature: number) => number;
  readonly capped: (y: number, c: number) => number;
  readonly added: (y: number, b: number) => number;
}

const tanh32 = (y: number): number => f32(Math.tanh(y));

/** Each option an operation of its own, as eager PyTorch has it. */
export const steps: Before = {
  scaled: (x, s) => f32(x * s),
  divided: (y, t) => f32(y / t),
  capped: (y, c) => f32(c * tanh32(f32(y / c))),
  added: (y, b) => f32(y + b),
};

/** z of logit i by these steps. */
function realOf(
  { x, scale, temperature, softcap, bias, mask }: OptionRow,
  i: number,
  { scaled, divided, capped, added }: Before,
): number {
  if (mask[i] === 0) return MASKED;
  const product = scale === 1 ? x[i] : scaled(x[i], scale);
  const y = temperature === 1 ? product : divided(product, temperature);
  return added(softcap === undefined ? y : capped(y, softcap), bias[i]);
}

/** The row of z and the sink less their maximum. */
export function shiftedBy(before: Before): Design['shifted'] {
  return (row) => {
    const z = Float32Array.of(...row.x.map((_, i) => realOf(row, i, before)), row.sink);
    const max = maxOf(z);
    return { d: z.map((each) => f32(each - max)), max };
  };
}

/** s (1 - t^2) / T, and 0 where the mask hides. */
export const slopeOf: Design['slope'] = ({ x, scale, temperature, softcap, mask }, i) => {
  if (mask[i] === 0) return 0;
  const factor = f32(scale / temperature);
  if (softcap === undefined) return factor;
  const t = tanh32(f32(f32(f32(x[i] * scale) / temperature) / softcap));
  return f32(factor * f32(1 - f32(t * t)));
};

const product: Design = { shifted: shiftedBy(steps), slope: slopeOf };

/** A design that is right. */
interface RightDesign {
  readonly design: Design;
  /** The options beside which it is not asked. */
  readonly without: readonly string[];
  /** Whether logits and a cap of extreme sizes overflow in it where the definition does not: x - max, and s / c. */
  readonly overflows?: boolean;
}

/** Designs that are right. */
export const rightDesigns: Readonly<Record<string, RightDesign>> = {
  'an operation each': { design: product, without: [] },
  'one fused multiply-add': {
    design: {
      shifted: (row) =>
        shiftedBy({ ...steps, scaled: (x, s) => x * s, added: (y, b) => roundedSum(y, b) })(row),
      slope: slopeOf,
    },
    without: ['softcap', 'temperature'],
  },
  'the inverse of the temperature': {
    design: {
      shifted: shiftedBy({ ...steps, divided: (y, t) => f32(y * f32(1 / t)) }),
      slope: (row, i) =>
        slopeOf({ ...row, scale: f32(row.scale * f32(1 / row.temperature)), temperature: 1 }, i),
    },
    without: ['softcap'],
  },
  'that in one fused multiply-add': {
    design: {
      shifted: shiftedBy({ ...steps, divided: (y, t) => y * f32(1 / t), added: (y, b) => roundedSum(y, b) }),
      slope: slopeOf,
    },
    without: ['softcap', 'scale'],
  },
  'the scale over the temperature': {
    design: {
      shifted: (row) => shiftedBy(steps)({ ...row, scale: f32(row.scale / row.temperature), temperature: 1 }),
      slope: slopeOf,
    },
    without: ['softcap'],
  },
  'the scale after the maximum': {
    design: {
      shifted: ({ x, scale, temperature, mask, sink }) => {
        const scaled = (value: number): number => f32(f32(value * scale) / temperature);
        const live = x.filter((_, i) => mask[i] === 1);
        const peak = scale < 0 ? -maxOf(live.map((value) => -value)) : maxOf(live);
        const top = live.length === 0 ? MASKED : scaled(peak);
        const max = Math.max(top, sink);
        const shift = (value: number): number =>
          max === top ? scaled(f32(value - peak)) : f32(scaled(value) - max);
        const d = x.map((value, i) => (mask[i] === 0 ? MASKED : shift(value)));
        return { d: Float32Array.of(...d, f32(sink - max)), max };
      },
      slope: slopeOf,
    },
    without: ['bias', 'softcap'],
    overflows: true,
  },
  'a power of 2, the scale in its factor': {
    design: {
      shifted: ({ x, scale: s, temperature, mask }) => {
        const scale = f32(s / temperature);
        const live = x.filter((_, i) => mask[i] === 1);
        const peak = scale < 0 ? -maxOf(live.map((value) => -value)) : maxOf(live);
        const by = (factor: number): Float32Array =>
          Float32Array.of(
            ...x.map((value, i) => (mask[i] === 0 ? MASKED : f32(f32(value - peak) * factor))),
            MASKED,
          );
        return { d: by(scale), exponents: by(f32(scale * LOG2E)), max: f32(peak * scale) };
      },
      slope: slopeOf,
      weight: exp2,
    },
    without: ['bias', 'softcap', 'sink'],
    overflows: true,
  },
  'the cap as one factor': {
    design: {
      shifted: (row) => {
        const { softcap: c = 1, scale, temperature } = row;
        const factor = f32(scale / temperature / c);
        return shiftedBy({
          ...steps,
          scaled: (x) => x,
          divided: (x) => x,
          capped: (x) => f32(c * tanh32(f32(x * factor))),
        })(row);
      },
      slope: slopeOf,
    },
    without: ['no softcap'],
    overflows: true,
  },
  'all of z in FP64': {
    design: {
      shifted: (row) => {
        const z = [
          ...Array.from(row.x, (_, i) =>
            realOf(row, i, {
              scaled: (x, s) => x * s,
              divided: (y, t) => y / t,
              capped: (y, c) => c * Math.tanh(y / c),
              added: (y, b) => y + b,
            }),
          ),
          row.sink,
        ];
        const max = Math.max(...z);
        return { d: Float32Array.from(z, (each) => each - max), max: f32(max) };
      },
      slope: slopeOf,
    },
    without: [],
  },
};

/** Designs that are wrong, and a batch's options beside which that shows. */
export const wrongDesigns: Readonly<Record<string, Design>> = {
  'a maximum before a negative scale': {
    ...product,
    shifted: ({ x, scale }) => {
      const max = maxOf(x);
      return {
        d: Float32Array.of(...x.map((value) => f32(f32(value - max) * scale)), MASKED),
        max: f32(max * scale),
      };
    },
  },
  'a mask before the cap': {
    ...product,
    shifted: (row) => {
      const x = row.x.map((value, i) => (row.mask[i] === 0 ? MASKED : value));
      return shiftedBy(steps)({ ...row, x, mask: row.mask.map(() => 1) });
    },
  },
  'a finite mask': {
    ...product,
    shifted: (row) =>
      shiftedBy(steps)({
        ...row,
        bias: row.bias.map((b, i) => (row.mask[i] === 0 ? -1e4 : b)),
        mask: row.mask.map(() => 1),
      }),
  },
  'a sink outside of the maximum': {
    ...product,
    shifted: (row) => {
      const { d, max } = shiftedBy(steps)({ ...row, sink: MASKED });
      return { d: d.with(-1, f32(row.sink - max)), max };
    },
  },
  'a mask by a product with 0': {
    ...product,
    shifted: (row) => {
      const { d, max } = shiftedBy(steps)({ ...row, mask: row.mask.map(() => 1) });
      return { d: d.map((each, i) => (row.mask[i] === 0 ? each * 1e9 : each)), max };
    },
  },
  'a gradient that forgets the cap': {
    ...product,
    slope: ({ scale, mask }, i) => (mask[i] === 0 ? 0 : scale),
  },
  'a gradient that forgets the scale': { ...product, slope: (row, i) => slopeOf({ ...row, scale: 1 }, i) },
  'a gradient that forgets the temperature': {
    ...product,
    slope: (row, i) => slopeOf({ ...row, temperature: 1 }, i),
  },
  'a temperature for a scale': {
    ...product,
    shifted: shiftedBy({ ...steps, divided: (y, t) => f32(y * t) }),
  },
  'a gradient of what is hidden': {
    ...product,
    slope: (row, i) => slopeOf({ ...row, mask: row.mask.map(() => 1) }, i),
  },
  'a cap after the bias': {
    ...product,
    shifted: (row) =>
      shiftedBy({ ...steps, capped: (y) => y, added: (y, b) => steps.capped(f32(y + b), row.softcap ?? 1) })(
        row,
      ),
  },
};

/** The row of a batch with its options. */
function optionRow(batch: Batch, r: number): OptionRow {
  const { scale = 1, temperature = 1, softcap, bias, mask, sink = MASKED } = batch.options ?? {};
  const x = rowOf(batch, r);
  const from = (values: ArrayLike<number>): number => (values.length === batch.cols ? 0 : r * batch.cols);
  return {
    x,
    scale,
    temperature,
    softcap,
    bias: x.map((_, i) => (bias === undefined ? 0 : bias[from(bias) + i])),
    mask: Uint8Array.from(x, (_, i) => (mask === undefined ? 1 : mask[from(mask) + i])),
    sink: typeof sink === 'number' ? sink : sink[r],
  };
}

/** What a kernel of this design answers: FP32 throughout, sums in one accumulator, the mean of losses in FP64. */
export function answerBy(
  { shifted, slope, weight = exp32 }: Design,
  operation: Operation,
  batch: Batch,
): Float32Array {
  const { rows, cols, targets } = batch;
  const losses: number[] = [];
  const answer: number[] = [];
  for (let r = 0; r < rows; r++) {
    const row = optionRow(batch, r);
    const { d, exponents = d, max } = shifted(row);
    const weights = exponents.map(weight);
    const sum = sumOf(weights);
    const logSum = f32(Math.log(sum));
    const p = weights.map((each) => f32(each / sum));
    const logs = d.map((each) => f32(each - logSum));
    const g = rowOfValues(upstreamOf(batch), batch, r);
    const ofRow: Readonly<Record<Exclude<Operation, 'crossEntropy'>, () => ArrayLike<number>>> = {
      softmax: () => p.subarray(0, cols),
      logSoftmax: () => logs.subarray(0, cols),
      logSumExp: () => [Math.abs(max) === Number.POSITIVE_INFINITY ? max : f32(max + logSum)],
      crossEntropyGrad: () =>
        row.x.map((_, i) => f32(f32(f32(i === targets[r] ? p[i] - 1 : p[i]) / rows) * slope(row, i))),
      softmaxGrad() {
        const dot = sumOf(g.map((each, i) => f32(each * p[i])));
        return row.x.map((_, i) => f32(f32(p[i] * f32(g[i] - dot)) * slope(row, i)));
      },
      logSoftmaxGrad() {
        const total = sumOf(g);
        return row.x.map((_, i) => f32(f32(g[i] - f32(p[i] * total)) * slope(row, i)));
      },
    };
    if (operation === 'crossEntropy') losses.push(-logs[targets[r]]);
    else answer.push(...Array.from(ofRow[operation]()));
  }
  return operation === 'crossEntropy'
    ? Float32Array.of(losses.reduce((a, b) => a + b, 0) / rows)
    : Float32Array.from(answer);
}
