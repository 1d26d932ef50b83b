/** As much of WebGPU as is used, as the package webgpu (Dawn) gives it to Node. */

/** What `import` gives. */
export interface WebGpu {
  readonly create: (options: readonly string[]) => {
    readonly requestAdapter: () => Promise<GpuAdapter | null>;
  };
}

interface GpuAdapter {
  readonly features: ReadonlySet<string>;
  readonly requestDevice: (descriptor: object) => Promise<GpuDevice>;
}

/** A device. */
export interface GpuDevice {
  readonly queue: {
    readonly writeBuffer: (buffer: GpuBuffer, offset: number, data: Uint8Array) => void;
    readonly submit: (commands: readonly object[]) => void;
  };
  readonly createShaderModule: (descriptor: { readonly code: string }) => GpuShader;
  readonly createBindGroupLayout: (descriptor: object) => object;
  readonly createPipelineLayout: (descriptor: object) => object;
  readonly createComputePipelineAsync: (descriptor: object) => Promise<object>;
  readonly createBindGroup: (descriptor: object) => object;
  readonly createBuffer: (descriptor: { readonly size: number; readonly usage: number }) => GpuBuffer;
  readonly createCommandEncoder: () => GpuEncoder;
  readonly pushErrorScope: (filter: 'validation' | 'out-of-memory') => void;
  readonly popErrorScope: () => Promise<{ readonly message: string } | null>;
}

/** A compiled file. */
export interface GpuShader {
  readonly getCompilationInfo: () => Promise<{
    readonly messages: readonly {
      readonly type: string;
      readonly message: string;
      readonly lineNum: number;
      readonly linePos: number;
    }[];
  }>;
}

/** Memory of the device. */
export interface GpuBuffer {
  readonly mapAsync: (mode: number) => Promise<void>;
  readonly getMappedRange: () => ArrayBuffer;
  readonly destroy: () => void;
}

interface GpuEncoder {
  readonly beginComputePass: () => {
    readonly setPipeline: (pipeline: object) => void;
    readonly setBindGroup: (index: number, group: object) => void;
    readonly dispatchWorkgroups: (count: number) => void;
    readonly end: () => void;
  };
  readonly copyBufferToBuffer: (
    from: GpuBuffer,
    fromOffset: number,
    to: GpuBuffer,
    toOffset: number,
    size: number,
  ) => void;
  readonly finish: () => object;
}

/** GPUBufferUsage, GPUShaderStage and GPUMapMode of the specification. */
export const usage = { mapRead: 0x1, copySource: 0x4, copyDestination: 0x8, uniform: 0x40, storage: 0x80 };
export const COMPUTE_STAGE = 0x4;
export const MAP_READ = 0x1;
