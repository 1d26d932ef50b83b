/**
 * Compute shaders as kernels. In group 0, binding 0 is the logits, 1 the answer, 2 the sizes (rows, cols), 3 the targets and
 * 4 the upstream values; a shader declares those that it uses. Elements are of f32, or words of f16, two in four bytes. There is a workgroup for each row, of a loss one in all.
 */
import { answersBatch, type Operation, outputLength } from '../../core/operation.ts';
import type { FormatName } from '../../formats/index.ts';
import { type Elements, elementsOf } from '../pack.ts';
import { COMPUTE_STAGE, type GpuBuffer, type GpuDevice, type GpuShader, MAP_READ, usage } from './gpu.ts';

const bindings = [
  'read-only-storage',
  'storage',
  'uniform',
  'read-only-storage',
  'read-only-storage',
] as const;

/** What a shader is given; what its operation does not use is empty. */
export interface ShaderInputs {
  readonly logits: Elements;
  readonly targets?: Int32Array;
  readonly upstream?: Elements;
  readonly rows: number;
  readonly cols: number;
}

/** Runs an entry point, and gives its answer's numbers. */
export type ShaderCall = (inputs: ShaderInputs) => Promise<Elements>;

/** The entry point `name` of a shader as a call of `operation`, with answers of `format`. Rejects where its bindings are others. */
export async function callOf(
  device: GpuDevice,
  module: GpuShader,
  name: string,
  operation: Operation,
  format: FormatName,
): Promise<ShaderCall> {
  const layout = device.createBindGroupLayout({
    entries: bindings.map((type, binding) => ({ binding, visibility: COMPUTE_STAGE, buffer: { type } })),
  });
  const pipeline = await device.createComputePipelineAsync({
    layout: device.createPipelineLayout({ bindGroupLayouts: [layout] }),
    compute: { module, entryPoint: name },
  });

  return async ({ logits, targets = new Int32Array(), upstream = new Float32Array(), rows, cols }) => {
    const length = outputLength(operation, rows, cols, undefined); // A shader takes no options.
    const made: GpuBuffer[] = [];
    const bufferOf = (data: Elements | Int32Array | Uint32Array, use: number): GpuBuffer => {
      const bytes = inFours(data);
      // An array of no elements cannot be bound.
      const buffer = device.createBuffer({
        size: Math.max(4, bytes.byteLength),
        usage: use | usage.copyDestination,
      });
      made.push(buffer);
      if (bytes.length > 0) device.queue.writeBuffer(buffer, 0, bytes);
      return buffer;
    };
    device.pushErrorScope('validation');
    // What a shader does not write stays NaN.
    const unwritten = elementsOf(new Float32Array(length).fill(Number.NaN), format);
    const answer = bufferOf(unwritten, usage.storage | usage.copySource);
    const buffers = [
      bufferOf(logits, usage.storage),
      answer,
      bufferOf(Uint32Array.of(rows, cols), usage.uniform),
      bufferOf(targets, usage.storage),
      bufferOf(upstream, usage.storage),
    ];
    const readable = bufferOf(unwritten, usage.mapRead);
    const encoder = device.createCommandEncoder();
    const pass = encoder.beginComputePass();
    pass.setPipeline(pipeline);
    const entries = buffers.map((buffer, binding) => ({ binding, resource: { buffer } }));
    pass.setBindGroup(0, device.createBindGroup({ layout, entries }));
    pass.dispatchWorkgroups(answersBatch(operation) ? 1 : rows);
    pass.end();
    encoder.copyBufferToBuffer(answer, 0, readable, 0, inFours(unwritten).byteLength);
    device.queue.submit([encoder.finish()]);
    try {
      const error = await device.popErrorScope();
      if (error !== null) throw new Error(error.message);
      await readable.mapAsync(MAP_READ);
      const bytes = readable.getMappedRange().slice(0, unwritten.byteLength);
      return format === 'fp32' ? new Float32Array(bytes) : new Uint16Array(bytes);
    } finally {
      for (const buffer of made) buffer.destroy();
    }
  };
}

/** The bytes of an array, with zeros behind them up to a multiple of four: no less is written and copied at once. */
function inFours({ buffer, byteOffset, byteLength }: Elements | Int32Array | Uint32Array): Uint8Array {
  const bytes = new Uint8Array(buffer, byteOffset, byteLength);
  if (byteLength % 4 === 0) return bytes;
  const padded = new Uint8Array(byteLength + 4 - (byteLength % 4));
  padded.set(bytes);
  return padded;
}
