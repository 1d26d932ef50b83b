/** Options of scores as the tensors that a model is given beside its logits. */
import { isScalar, type Options, type ScoreName } from '../../core/options.ts';
import { type Dimensions, productOf } from './dimensions.ts';
import type { OnnxRuntime, OnnxTensor } from './runtime.ts';

/** The names of a model's inputs by the options that they are. */
export type ScoreInputs = Readonly<Partial<Record<ScoreName, string>>>;

/** What an input is given in a call without its option. */
const absent: Readonly<Record<ScoreName, number>> = {
  scale: 1,
  softcap: Number.NaN, // Nothing that it may hold is no cap.
  bias: 0,
  mask: 1,
  sink: Number.NEGATIVE_INFINITY,
};

/** The tensors of a model's inputs, by the inputs' names. */
export function scoreTensors(
  { Tensor }: Pick<OnnxRuntime, 'Tensor'>,
  inputs: ScoreInputs,
  options: Options,
  { sizes, axis }: Dimensions,
): Readonly<Record<string, OnnxTensor>> {
  const ofRows = sizes.map((size, k) => (k === axis ? 1 : size));
  const ofColumns = sizes.map((size, k) => (k === axis ? size : 1));
  /** As many numbers as `wanted` has. */
  const spread = (value: number | Float32Array | Uint8Array, wanted: readonly number[]): Float32Array =>
    typeof value === 'number'
      ? new Float32Array(productOf(wanted)).fill(value)
      : Float32Array.from(value as ArrayLike<number>);
  const tensorOf = (name: ScoreName, value: number | Float32Array | Uint8Array): OnnxTensor => {
    if (name === 'scale' || name === 'softcap')
      return new Tensor('float32', Float32Array.of(value as number), []);
    if (name === 'sink') return new Tensor('float32', spread(value, ofRows), ofRows);
    const wanted = isScalar(value) || value.length === productOf(sizes) ? sizes : ofColumns;
    const numbers = spread(value, wanted);
    return name === 'mask'
      ? new Tensor('bool', Uint8Array.from(numbers), wanted)
      : new Tensor('float32', numbers, wanted);
  };
  return Object.fromEntries(
    Object.entries(inputs).map(([name, input]) => [
      input,
      tensorOf(name as ScoreName, options[name as ScoreName] ?? absent[name as ScoreName]),
    ]),
  );
}
