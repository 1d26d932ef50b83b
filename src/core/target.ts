/** A target: a kernel being judged, however it is reached. */
import type { FormatName, Formats } from '../formats/index.ts';
import type { Aftermath } from './aftermath.ts';
import type { Batch } from './batch.ts';
import type { History } from './call.ts';
import type { Kernel } from './kernel.ts';
import type { DeclaredKnown, Known } from './known.ts';
import type { Law } from './law.ts';
import type { Layouts } from './layout.ts';
import type { Limits } from './limits.ts';
import type { Operation } from './operation.ts';
import type { OptionName, Options, Taken } from './options.ts';
import type { Placement } from './placement.ts';
import type { DeclaredSemantics, Semantics } from './semantics.ts';

/** What a kernel says of itself, by `export const target = { … }` beside its functions. */
export interface Declaration extends Limits {
  /** How reports call it. */
  readonly name?: string;
  /** The error profile that it is judged by. */
  readonly profile?: string;
  /**
   * The format of its logits and answers, or each by itself; `arithmetic` is FP32 unless it says otherwise. Arrays of a
   * 16-bit format are words in a Uint16Array. @defaultValue 'fp32'
   */
  readonly format?: FormatName | Partial<Formats>;
  /**
   * Which options each operation takes, of any value: `{ softmax: ['scale', 'mask'] }`, or with what is fixed,
   * `{ softmax: { scale: 0.125, mask: true } }`. @defaultValue none
   */
  readonly options?: Readonly<Partial<Record<Operation, DeclaredOptions>>>;
  /** Whether its loss and gradient take rows of probabilities, a Float32Array(rows*cols), in place of targets: too, or `always`. @defaultValue false */
  readonly probabilities?: boolean | 'always';
  /** What its loss means where libraries differ: a library's name, or what differs from PyTorch's. @defaultValue 'pytorch' */
  readonly semantics?: DeclaredSemantics;
  /** How logits may lie, of all operations or of each: contiguous rows, along a dimension that is not the last, with gaps. @defaultValue ['rows'] */
  readonly layouts?: Layouts;
  /** Whether its functions that answer a number for each logit may answer in their logits' own array. @defaultValue false */
  readonly inPlace?: boolean;
  /** Whether it flushes subnormals to zero: its profile is then the one with `+ftz`. */
  readonly ftz?: boolean;
  /** Whether it takes arguments that are parts of larger buffers. @defaultValue true */
  readonly views?: boolean;
  /** Whether the same arguments give the same bits. @defaultValue true */
  readonly repeatable?: boolean;
  /** Whether a row gives the same bits whatever the other rows are, and alone. @defaultValue false */
  readonly batchInvariant?: boolean;
  /**
   * Buckets that it is known to fall into, with `*` for any part: found again, they do not fail the run. With a bound,
   * `bucket <= 1e-6`, or a weight that was measured, only as long as their errors are no heavier: see {@link Known}.
   */
  readonly known?: readonly DeclaredKnown[];
  /** Whether it is given NaN and +Infinity: true unless it says false, where they are no input of its contract. */
  readonly nonFinite?: boolean;
  /** The only number of rows that it takes, where it is compiled for one. */
  readonly rows?: number;
  /** The only number of columns that it takes. */
  readonly cols?: number;
}

/** The options of an operation: their names, or a record of those that take any value, and of values that are fixed. */
export type DeclaredOptions =
  | readonly OptionName[]
  | ({ readonly [O in Exclude<OptionName, 'probabilities'>]?: true | NonNullable<Options[O]> } & {
      readonly probabilities?: true | 'always' | NonNullable<Options['probabilities']>;
    });

/** What is known of a target without its kernel. */
export interface TargetInfo {
  readonly name: string;
  /** What the command line called it; `replay --target` takes it again. */
  readonly specifier: string;
  /** The profile of its budgets. */
  readonly profile: string;
  /** The formats of its arrays and of its arithmetic; FP32 throughout where left out. */
  readonly formats?: Formats;
  /** The options that its operations take; none where left out. */
  readonly options?: Readonly<Partial<Record<Operation, Taken>>>;
  /** What its loss means with options; PyTorch's where left out. */
  readonly semantics?: Semantics | undefined;
  /** The buckets that are known of it: no new findings. */
  readonly known: readonly Known[];
  /** What a user should know of how it is judged: how its functions are called, and which are not. */
  readonly notes?: readonly string[];
}

/** An array that is not as it was when its call was answered. */
export interface ChangedLater {
  readonly isAnswer: boolean;
  /** Whether it is of a call before those that were made to find out. */
  readonly isOfEarlier: boolean;
  readonly detail: string;
}

/** What has become of an answer after other calls. */
export interface AfterOthers {
  /** What its memory holds; nothing where that is gone. */
  readonly answer: Float32Array;
  /** Another array that was changed: an argument, or an earlier answer. */
  readonly changed: ChangedLater | null;
}

/** What came of some calls, and the time that they took. */
export interface Timed<T> {
  readonly value: T;
  /** Of the longest call that was answered, in ms; 0 where none was. */
  readonly longestMs: number;
  /** What a call may take otherwise, in ms. */
  readonly allowedMs: number;
}

/** A kernel with its name and declaration resolved. */
export interface Target extends TargetInfo {
  readonly kernel: Kernel;
  /** The laws beyond the oracle that it is held to. */
  readonly laws: readonly Law[];
  /** Whether it is judged on batches with NaN or +Infinity too. */
  readonly nonFinite: boolean;
  /** The only number of rows that it takes, where there is one. */
  readonly rows?: number;
  /** The only number of columns that it takes, where there is one. */
  readonly cols?: number;
  /** Whether it runs elsewhere: its calls may overlap, and cannot reach their arguments in this process. */
  readonly isRemote?: boolean;
  /** The sizes that it takes; any where left out. */
  readonly limits?: Limits;
  /** The layouts that it takes; contiguous rows alone where left out. */
  readonly layouts?: Layouts;
  /** Whether it may answer in the array of its logits. */
  readonly inPlace?: boolean;
  /**
   * Where the arrays of a call cannot be placed in this process, or not all of them: the same kernel, but for its arrays,
   * which lie as the placement says. It rejects, or throws, where something was written beside one.
   */
  readonly inViews?: (placement: Placement) => Kernel;
  /**
   * Where it runs elsewhere and answers in memory of its own: what the memory of its answer to `first` holds after
   * FURTHER_CALLS with `second` and so many ms, and what else was changed by then, of these calls and, unless `isOwn`, of those before.
   */
  readonly answerAfter?: (
    operation: Operation,
    first: Batch,
    second: Batch,
    restMs: number,
    isOwn: boolean,
  ) => Promise<AfterOthers>;
  /** Where its calls are timed: those that `ask` makes may take twice the time. No other call may be under way. */
  readonly patiently?: <T>(ask: () => Promise<T>) => Promise<Timed<T>>;
  /** Where it can be made to forget its calls: from then on it has not been called yet. No call may be under way. */
  readonly renew?: () => Promise<void>;
  /**
   * Where it runs elsewhere and can be loaded anew there, in less time than another process takes: what it keeps outside of itself
   * stays. No call may be under way.
   */
  readonly reload?: () => void;
  /** Where it can be renewed: what it was called with since. */
  readonly history?: History;
  /** Where it runs in this process and is a user's: the arrays of its last calls. */
  readonly aftermath?: Aftermath;
}
