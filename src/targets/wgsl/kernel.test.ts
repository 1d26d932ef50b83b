import { describe, expect, it } from 'vitest';
import type { GpuBuffer, GpuDevice } from './gpu.ts';
import { callOf } from './kernel.ts';

/** A device whose shaders write nothing, and what it was asked for. */
function fakeDevice(error: string | null = null) {
  const written: Uint8Array[] = [];
  const live = new Set<GpuBuffer>();
  const groups: number[] = [];
  const memory = new Map<GpuBuffer, ArrayBuffer>();
  const device: GpuDevice = {
    queue: {
      writeBuffer(buffer, _offset, data) {
        written.push(data);
        new Uint8Array(memory.get(buffer) as ArrayBuffer).set(data);
      },
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
  return { device, live, groups, written };
}

const inputs = { logits: Float32Array.of(1, 2, 3, 4), rows: 2, cols: 2 };

describe('callOf', () => {
  it('should give NaN where a shader writes nothing, and leave no memory behind', async () => {
    const { device, live, groups } = fakeDevice();
    const module = device.createShaderModule({ code: '' });
    const softmax = await callOf(device, module, 'softmax', 'softmax', 'fp32');
    expect(await softmax(inputs)).toEqual(new Float32Array(4).fill(Number.NaN));
    expect(await softmax({ ...inputs, logits: new Float32Array(), cols: 0 })).toEqual(new Float32Array());
    const loss = await callOf(device, module, 'crossEntropy', 'crossEntropy', 'fp32');
    expect(await loss(inputs)).toHaveLength(1);
    expect([groups, live.size]).toEqual([[2, 2, 1], 0]);
  });

  it('should give and take words of f16, in buffers of whole fours of bytes', async () => {
    const { device, live, written } = fakeDevice();
    const softmax = await callOf(device, device.createShaderModule({ code: '' }), 's', 'softmax', 'fp16');
    const words = Uint16Array.of(1, 2, 3, 0x3c00, 4).subarray(1, 4);
    expect(await softmax({ logits: words, rows: 1, cols: 3 })).toEqual(new Uint16Array(3).fill(0x7e00));
    const nan = [0x00, 0x7e, 0x00, 0x7e, 0x00, 0x7e, 0, 0];
    const given = [2, 0, 3, 0, 0x00, 0x3c, 0, 0];
    expect(written.map((bytes) => [...bytes])).toEqual([nan, given, [1, 0, 0, 0, 3, 0, 0, 0], nan]);
    expect(live.size).toBe(0);
  });

  it('should reject with what the device refuses', async () => {
    const { device, live } = fakeDevice('too many workgroups');
    const call = await callOf(device, device.createShaderModule({ code: '' }), 'softmax', 'softmax', 'fp32');
    await expect(call(inputs)).rejects.toThrow('too many workgroups');
    expect(live.size).toBe(0);
  });
});
