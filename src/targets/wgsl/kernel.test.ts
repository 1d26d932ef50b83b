import { describe, expect, it } from 'vitest';
import type { GpuBuffer, GpuDevice } from './gpu.ts';
import { callOf } from './kernel.ts';

/** A device whose shaders write nothing, and what it was asked for. */
function fakeDevice(error: string | null = null) {
  const live = new Set<GpuBuffer>();
  const groups: number[] = [];
  const memory = new Map<GpuBuffer, ArrayBuffer>();
  const device: GpuDevice = {
    queue: {
      writeBuffer: (buffer, _offset, data) =>
        new Uint8Array(memory.get(buffer) as ArrayBuffer).set(new Uint8Array(data.buffer)),
      submit: () => {},
    },
    createShaderModule: () => ({ getCompilationInfo: () => Promise.resolve({ messages: [] }) }),
    createBindGroupLayout: () => ({}),
    createPipelineLayout: () => ({}),
    createComputePipelineAsync: () => Promise.resolve({}),
    createBindGroup: () => ({}),
    createBuffer({ size }) {
      const bytes = new ArrayBuffer(size);
      const buffer: GpuBuffer = {
        mapAsync: () => Promise.resolve(),
        getMappedRange: () => bytes,
        destroy: () => void live.delete(buffer),
      };
      memory.set(buffer, bytes);
      live.add(buffer);
      return buffer;
    },
    createCommandEncoder: () => ({
      beginComputePass: () => ({
        setPipeline: () => {},
        setBindGroup: () => {},
        dispatchWorkgroups: (count) => void groups.push(count),
        end: () => {},
      }),
      copyBufferToBuffer: (from, _fromOffset, to, _toOffset, size) =>
        new Uint8Array(memory.get(to) as ArrayBuffer).set(
          new Uint8Array(memory.get(from) as ArrayBuffer, 0, size),
        ),
      finish: () => ({}),
    }),
    pushErrorScope: () => {},
    popErrorScope: () => Promise.resolve(error === null ? null : { message: error }),
  };
  return { device, live, groups };
}

const inputs = { logits: Float32Array.of(1, 2, 3, 4), rows: 2, cols: 2 };

describe('callOf', () => {
  it('should give NaN where a shader writes nothing, and leave no memory behind', async () => {
    const { device, live, groups } = fakeDevice();
    const module = device.createShaderModule({ code: '' });
    const softmax = await callOf(device, module, 'softmax', 'softmax');
    expect(await softmax(inputs)).toEqual(new Float32Array(4).fill(Number.NaN));
    expect(await softmax({ ...inputs, logits: new Float32Array(), cols: 0 })).toEqual(new Float32Array());
    const loss = await callOf(device, module, 'crossEntropy', 'crossEntropy');
    expect(await loss(inputs)).toHaveLength(1);
    expect([groups, live.size]).toEqual([[2, 2, 1], 0]);
  });

  it('should reject with what the device refuses', async () => {
    const { device, live } = fakeDevice('too many workgroups');
    const call = await callOf(device, device.createShaderModule({ code: '' }), 'softmax', 'softmax');
    await expect(call(inputs)).rejects.toThrow('too many workgroups');
    expect(live.size).toBe(0);
  });
});
