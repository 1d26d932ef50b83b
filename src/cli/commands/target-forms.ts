/** How targets are named, for help. */
export const targetForms =
  'naive, stable, ./kernel.mjs, ./kernel.mjs#export, npm:package, lib:./kernel.so, wasm:./kernel.wasm, wgsl:./kernel.wgsl, onnx:./model.onnx, cmd:program, or a name of the configuration (default: its targets, or naive stable)';
