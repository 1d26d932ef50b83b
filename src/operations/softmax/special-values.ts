/** Softmax where the reals have no answer. */
import { limits, nanOnly, type SpecialAnswers } from '../special-values.ts';

/** See {@link RowSpec}. */
export const special: SpecialAnswers = {
  nan: nanOnly,
  // The limit, one-hot: asked for in FluxML/NNlib.jl#206 and scipy/scipy#23225. OpenVINO's CPU plugin gives
  // NaN at the infinite logits and 0 elsewhere.
  'positive-infinity': limits(0, 1),
  // 0: PyTorch's _safe_softmax behind scaled dot-product attention (pytorch/pytorch#131060), ONNX Attention,
  // oneDNN's softmax_inf_as_zero, rten. Uniform: Keras before its masks were made finite.
  'all-masked': { expected: Number.NaN, tolerated: () => [0, '1/n'] },
};
