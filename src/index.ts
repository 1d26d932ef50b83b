/**
 * The library: what the command does, as functions. Kernels are in `softmax-fuzz/kernels`.
 * @module softmax-fuzz
 */
export { batches } from './arbitraries/batches.ts';
export type { BatchOptions } from './arbitraries/generate.ts';
export { type FuzzOptions, fuzz } from './campaign/fuzz.ts';
export type { Progress } from './campaign/ledger.ts';
export type { Run, TargetResult } from './campaign/result.ts';
export { type Config, defineConfig, type TargetConfig } from './config/config.ts';
export { type Batch, batchOf, createBatch } from './core/batch.ts';
export type { Call } from './core/call.ts';
export type { Boundary, Finding, Origin, Worst } from './core/finding.ts';
export type { CompleteKernel, Kernel } from './core/kernel.ts';
export { type Operation, operations } from './core/operation.ts';
export type { Declaration, Target, TargetInfo } from './core/target.ts';
export type { Kind, Property, Severity, Violation } from './core/violation.ts';
export { createOracle, type ExactAnswer, type Oracle } from './oracle/exact.ts';
export { type FindingFile, parseFindingFile, toFindingFile } from './record/finding-file.ts';
export { type Replay, replay } from './record/replay.ts';
export type { RowAnalysis, RowKind } from './row/row.ts';
export { createTarget } from './targets/create.ts';
export { resolveTarget } from './targets/resolve.ts';
export { UserError } from './text/errors.ts';
