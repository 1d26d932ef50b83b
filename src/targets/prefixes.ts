/** Prefixes of specifiers, apart from what loads such targets: most processes load none. */

/** The prefix of models. */
export const ONNX_PREFIX = 'onnx:';

/** The prefix of the program that started this one. */
export const STDIO_PREFIX = 'stdio:';

/** The prefix of shaders. */
export const WGSL_PREFIX = 'wgsl:';
