/** How targets are named, for help. */
export const targetForm =
  'naive, stable, ./kernel.mjs, ./kernel.mjs#export, npm:package, lib:./kernel.so, wasm:./kernel.wasm, wgsl:./kernel.wgsl, onnx:./model.onnx, cmd:program, or a name of the configuration';

/** The same, where several are taken. */
export const targetForms = `${targetForm} (default: its targets, or naive stable)`;
