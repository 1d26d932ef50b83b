/** As much of onnxruntime's JavaScript API as is used: onnxruntime-node and onnxruntime-web both have it. */

/** What `import` gives. */
export interface OnnxRuntime {
  readonly InferenceSession: {
    readonly create: (model: Uint8Array | string, options: object) => Promise<OnnxSession>;
  };
  readonly Tensor: new (type: string, data: TensorData, dims: readonly number[]) => OnnxTensor;
}

/** A model, ready to run. */
export interface OnnxSession {
  readonly inputMetadata: readonly OnnxValue[];
  readonly outputMetadata: readonly OnnxValue[];
  /** Frees its memory. */
  readonly release: () => Promise<void>;
  readonly run: (
    inputs: Readonly<Record<string, OnnxTensor>>,
    outputs: readonly string[],
  ) => Promise<Readonly<Record<string, OnnxTensor>>>;
}

/** An input or output of a model. A size is a name where it may differ from call to call. */
export interface OnnxValue {
  readonly name: string;
  readonly isTensor: boolean;
  readonly type?: string;
  readonly shape?: readonly (number | string)[];
}

/** The numbers of a tensor, of the types that are used. */
type TensorData = Float32Array | Uint16Array | Int32Array | BigInt64Array | Uint8Array;

/** An array of several dimensions. */
export interface OnnxTensor {
  readonly data: unknown;
}

/**
 * How sessions are made: one thread, so that an answer does not depend on how many cores there are. What goes wrong is in
 * the error that is thrown, and not written to stderr as well.
 */
export const sessionOptions = { intraOpNumThreads: 1, interOpNumThreads: 1, logSeverityLevel: 4 };
