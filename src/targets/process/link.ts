/**
 * Calls of a process that answers them in order. Several may be under way; what ends the process is blamed on the
 * first that it has not answered, and the others are asked again of its successor.
 */
import type { Batch } from '../../core/batch.ts';
import { definitions, type Operation } from '../../core/operation.ts';
import type { Placement } from '../../core/placement.ts';
import type { Target, Timed } from '../../core/target.ts';
import { type Formats, inFp32 } from '../../formats/index.ts';
import { inert } from '../../text/inert.ts';
import { CallFailure, type CallFailureKind, kindOfEnd } from '../call-failure.ts';
import type { Child } from './child.ts';
import {
  createFrameReader,
  emptyFrame,
  type Frame,
  frameBytes,
  frameTypes,
  type Noise,
  statuses,
  type Version,
  writeFrame,
} from './frame.ts';
import { afterOthersIn, argumentsOf, statusOf, type Wanted } from './layout.ts';
import type { Limits } from './reach.ts';
import { scalarsOf, tensorsOf, typeOfFormat } from './tensors.ts';
import { createWatch } from './watch.ts';

/** What a link needs of a process that has just been started. */
export interface Connection {
  /** Of the protocol. */
  readonly version: Version;
  readonly child: Child;
  /** From now on hears what the process does, from the byte after its greeting. */
  readonly listen: (listener: {
    readonly onOutput: (chunk: Buffer) => void;
    readonly onEnd: (how: string) => void;
  }) => void;
}

/** Calls of a target's process. */
export interface Link {
  /** The answer's numbers. Rejects with a {@link CallFailure}, and with nothing else. */
  readonly call: (operation: Operation, input: Batch) => Promise<Float32Array>;
  /** The same of a host, with arrays that lie as the placement says. */
  readonly callInViews: (operation: Operation, input: Batch, placement: Placement) => Promise<Float32Array>;
  /** Asks a host what the memory of its answer to `first` holds after some calls with `second`, and what else was changed by then. */
  readonly answerAfter: NonNullable<Target['answerAfter']>;
  /** What `ask` gives, whose calls may take {@link PATIENCE} times as long. */
  readonly patiently: <T>(ask: () => Promise<T>) => Promise<Timed<T>>;
  /** Has a host load its target anew before the next call. Another process, which starts before it, has loaded it anew. */
  readonly reload: () => void;
  /** Ends the process, of which nothing may be asked just then: what is asked next goes to another. */
  readonly renew: () => Promise<void>;
  /** Ends the process. */
  readonly close: () => void;
}

interface Call {
  readonly frame: Frame;
  readonly resolve: (answer: Frame) => void;
  readonly reject: (failure: CallFailure) => void;
}

/** A process that writes more than this which is no frame is stopped. */
const MOST_NOISE = 2 ** 20;

/** So many times longer may a call take that is asked again, for its time to be known where it is not far beyond what is allowed. */
const PATIENCE = 2;

/** The share of a call's time that a host may wait for what it was not asked. */
const MOST_REST = 1 / 4;

/** After so many starts in a row that failed, no more are tried. */
const MOST_FAILED_STARTS = 3;

/** A link over `first`; `restart` starts another process where it has ended. Arrays of version 2 are of `formats`. */
export function createLink(
  first: Connection,
  restart: () => Promise<Connection>,
  limits: Limits,
  formats: Formats = inFp32,
): Link {
  const { version } = first;
  const expected = typeOfFormat(formats.answer);
  const isWrongType = ({ tensors }: Frame): boolean =>
    version === 2 && (tensors.length !== 1 || tensors[0].type !== expected);
  const describeTypes = ({ tensors }: Frame): string =>
    `answered with ${tensors.map(({ name, type }) => `${name} of ${type}`).join(', ') || 'no tensor'}: expected one of ${expected}`;
  const waiting: Call[] = [];
  let unsent: Call[] = [];
  let child: Child | null = null;
  let starting = false;
  let failedStarts = 0;
  let nextId = 0;
  let patience = 1;
  let isAnew = false;
  let longestMs = 0;
  /** Who waits for the process to be gone, where it was ended for another to take its place. */
  let renewed: (() => void) | null = null;
  /** Why the process was ended from here, before it is gone. */
  let verdict: CallFailure | null = null;
  /** How the process ended while nothing was asked of it. */
  let endedIdle: string | null = null;

  const watch = createWatch(limits, {
    memory: () => child?.memory() ?? 0,
    stop: (kind, detail) => stop(new CallFailure(kind, detail)),
  });

  function stop(failure: CallFailure): void {
    verdict ??= failure;
    child?.kill();
  }

  function connect(connection: Connection): void {
    const reader = createFrameReader({
      onFrame: answered,
      onFault: (detail) => stop(new CallFailure('bad-shape', detail)),
    });
    child = connection.child;
    connection.listen({
      onOutput(chunk) {
        if (verdict !== null) return;
        reader.push(chunk);
        const noise = reader.noise();
        if (noise !== null && noise.bytes > MOST_NOISE)
          stop(new CallFailure('bad-shape', `it flooded stdout: ${describeNoise(noise)}`));
      },
      onEnd: (how) => ended(how, reader.noise()),
    });
  }

  function answered(frame: Frame, noise: Noise | null): void {
    const call = waiting[0];
    if (verdict !== null) return;
    if (frame.type !== frameTypes.answer || frame.id !== call?.frame.id) {
      const asked = call === undefined ? 'nothing was asked' : `request ${call.frame.id} was asked`;
      stop(
        new CallFailure('bad-shape', `it sent a frame of type ${frame.type} for ${frame.id}, and ${asked}`),
      );
      return;
    }
    waiting.shift();
    longestMs = Math.max(longestMs, watch.answered());
    if (waiting.length === 0) watch.rest();
    const status = statuses[frame.status];
    if (noise !== null)
      call.reject(new CallFailure('bad-shape', `it wrote to stdout: ${describeNoise(noise)}`));
    else if (status === 'answered' && isWrongType(frame))
      call.reject(new CallFailure('bad-shape', describeTypes(frame)));
    else if (status === 'answered') call.resolve(frame);
    else call.reject(told(status ?? 'threw', inert(frame.text) || `status ${frame.status}`));
  }

  function ended(how: string, noise: Noise | null): void {
    const unheard = noise === null ? '' : `, after it wrote to stdout: ${describeNoise(noise)}`;
    const kind = verdict?.kind ?? kindOfEnd('crashed', how);
    const failure = new CallFailure(kind, inert(`${verdict?.message ?? `it ended (${how})`}${unheard}`));
    verdict = null;
    child = null;
    watch.rest();
    const call = waiting.shift();
    unsent = [...waiting.splice(0), ...unsent];
    if (call !== undefined) call.reject(failure);
    else if (renewed === null) endedIdle = failure.message;
    renewed?.();
    renewed = null;
    if (unsent.length > 0) start();
  }

  function start(): void {
    if (starting) return;
    starting = true;
    watch.begin(Number.POSITIVE_INFINITY);
    const settle = (use: () => void): void => {
      starting = false;
      watch.rest();
      use();
      if (unsent.length > 0) flush();
    };
    restart().then(
      (connection) =>
        settle(() => {
          failedStarts = 0;
          connect(connection);
        }),
      (error: Error) =>
        settle(() => {
          failedStarts++;
          unsent
            .shift()
            ?.reject(new CallFailure('crashed', `it does not start again: ${inert(error.message)}`));
        }),
    );
  }

  /** Sends what has gathered in one piece: a write for each small call takes longer than the call. */
  function flush(): void {
    if (unsent.length === 0) return;
    if (child === null && failedStarts >= MOST_FAILED_STARTS) {
      for (const { reject } of unsent.splice(0)) reject(new CallFailure('crashed', 'it no longer starts'));
      return;
    }
    if (child === null) {
      start();
      return;
    }
    if (waiting.length === 0) watch.begin(patience * limits.timeoutMs);
    const bytes = Buffer.allocUnsafe(unsent.reduce((sum, { frame }) => sum + frameBytes(frame), 0));
    let offset = 0;
    for (const { frame } of unsent) offset = writeFrame(bytes, offset, frame);
    waiting.push(...unsent);
    unsent = [];
    child.write(bytes);
  }

  /** `wanted` is what a host is asked for beside the answer. */
  function send(operation: Operation, input: Batch, wanted: Partial<Wanted> = {}): Promise<Frame> {
    const status = statusOf({ placement: null, isAfter: false, restMs: 0, isOwn: false, isAnew, ...wanted });
    isAnew = false;
    return new Promise((resolve, reject) => {
      if (endedIdle !== null) {
        reject(new CallFailure('crashed', `${endedIdle}, after its last answer`));
        endedIdle = null;
        return;
      }
      const id = nextId;
      nextId = (nextId + 1) >>> 0;
      const { rows, cols } = input;
      const code = definitions[operation].code;
      const frame = {
        ...emptyFrame,
        id,
        operation: code,
        rows,
        cols,
        status,
        ...(version === 2 || input.options !== undefined || input.layout !== undefined
          ? { version: 2 as const, tensors: tensorsOf(input, formats), options: scalarsOf(input) }
          : argumentsOf(input)),
      };
      if (unsent.length === 0) queueMicrotask(flush);
      unsent.push({ frame, resolve, reject });
    });
  }

  connect(first);
  return {
    call: (operation, input) => send(operation, input).then(numbersOf),
    callInViews: (operation, input, placement) => send(operation, input, { placement }).then(numbersOf),
    async answerAfter(operation, before, after, restMs, isOwn) {
      send(operation, before).catch(() => {}); // Sent together, nothing comes between the two.
      const wait = Math.floor(Math.min(restMs, limits.timeoutMs * MOST_REST));
      return afterOthersIn(await send(operation, after, { isAfter: true, restMs: wait, isOwn }));
    },
    async patiently(ask) {
      patience = PATIENCE;
      longestMs = 0;
      try {
        return { value: await ask(), longestMs, allowedMs: limits.timeoutMs };
      } finally {
        patience = 1;
      }
    },
    reload() {
      isAnew = true;
    },
    renew: () =>
      new Promise((resolve) => {
        if (child === null) return resolve();
        renewed = resolve;
        watch.begin(Number.POSITIVE_INFINITY);
        child.kill();
      }),
    close: () => child?.kill(),
  };
}

function numbersOf({ floats }: Frame): Float32Array {
  return floats;
}

function told(kind: CallFailureKind, detail: string): CallFailure {
  return new CallFailure(kind === 'threw' ? kindOfEnd(kind, detail) : kind, detail);
}

function describeNoise({ bytes, beginning }: Noise): string {
  return `${bytes} bytes that are no frame, '${inert(beginning)}'`;
}
