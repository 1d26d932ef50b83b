/** A conversation with a program, request by request, of which every answer is looked at. */
import { setTimeout as wait } from 'node:timers/promises';
import { definitions, type Operation, outputLength } from '../../core/operation.ts';
import type { Options } from '../../core/options.ts';
import type { Target } from '../../core/target.ts';
import { nothing } from '../../options/taken.ts';
import { inert } from '../../text/inert.ts';
import { formatsOf, takenOf } from '../create.ts';
import type { Connected } from './connect.ts';
import {
  createFrameReader,
  emptyFrame,
  encodeFrame,
  type Frame,
  frameTypes,
  statuses,
  type Version,
} from './frame.ts';
import { batchOfRequest } from './layout.ts';
import type { Limits } from './reach.ts';
import { scalarsOf, tensorsOf } from './tensors.ts';

/** A request, with options beside those that are fixed. */
export interface Asked extends Frame {
  readonly given?: Options;
}

/** A program that has greeted. */
export interface Session {
  readonly operations: readonly Operation[];
  /** What its operations take. */
  readonly options: NonNullable<Target['options']>;
  readonly version: Version;
  readonly write: (bytes: Buffer) => void;
  /** Sends requests and waits for as many answers. Throws where one has another id, or none comes. */
  readonly listen: (requests: readonly Asked[], send?: (bytes: Buffer) => Promise<void>) => Promise<Frame[]>;
  /** The same; throws too where an answer is not of its operation's length. */
  readonly ask: (requests: readonly Asked[], send?: (bytes: Buffer) => Promise<void>) => Promise<void>;
  /** Sends a request; throws where it is answered. */
  readonly refuse: (request: Asked) => Promise<void>;
  /** Ends the program's input and waits for its end. */
  readonly end: () => Promise<void>;
  readonly close: () => void;
}

/** The session of a program that has just been started. */
export function openSession(
  { child, greeting, version, listen: hear }: Connected,
  { timeoutMs }: Limits,
): Session {
  const { operations, declaration } = greeting;
  const formats = formatsOf(declaration);
  const options = takenOf(declaration.options ?? {}, declaration);
  const inVersion = ({ given, ...frame }: Asked): Frame => {
    if (version === 1) return frame;
    const taken = Object.entries(options).find(
      ([name]) => definitions[name as Operation].code === frame.operation,
    );
    const { fixed } = taken?.[1] ?? nothing;
    const batch = {
      ...batchOfRequest(given?.probabilities === undefined ? frame : { ...frame, ints: emptyFrame.ints }),
      options: { ...fixed, ...given },
    };
    return { ...frame, version, tensors: tensorsOf(batch, formats), options: scalarsOf(batch) };
  };
  const answers: Frame[] = [];
  let trouble: string | null = null;
  let ended: string | null = null;
  let wake = (): void => {};
  const fail = (detail: string): void => {
    trouble ??= detail;
    wake();
  };
  const reader = createFrameReader({ onFrame: (frame) => answers.push(frame), onFault: fail });
  hear({
    onOutput(chunk) {
      reader.push(chunk);
      const noise = reader.noise();
      if (noise !== null) fail(`it wrote '${inert(noise.beginning)}' to stdout, which is no frame`);
      wake();
    },
    onEnd(how) {
      ended = how;
      wake();
    },
  });

  async function until(isSo: () => boolean, what: string): Promise<void> {
    const deadline = performance.now() + timeoutMs;
    while (!isSo()) {
      if (trouble !== null) throw new Error(trouble);
      if (ended !== null) throw new Error(`it ended (${inert(ended)})`);
      const left = deadline - performance.now();
      if (left <= 0) throw new Error(`${what} within ${timeoutMs / 1000} s`);
      const stop = new AbortController();
      const woken = new Promise<void>((resolve) => {
        wake = resolve;
      });
      await Promise.race([woken, wait(left, undefined, { signal: stop.signal }).catch(() => {})]);
      stop.abort();
    }
  }

  const session: Session = {
    operations,
    options,
    version,
    write: child.write,
    async listen(requests, send = async (bytes) => child.write(bytes)) {
      await send(Buffer.concat(requests.map((each) => encodeFrame(inVersion(each)))));
      await until(() => answers.length >= requests.length, `${answers.length} of ${requests.length} answers`);
      const got = answers.splice(0);
      for (const [k, { id }] of requests.entries()) {
        const answer = got[k];
        if (answer.type !== frameTypes.answer || answer.id !== id)
          throw new Error(
            `frame ${k + 1} is of type ${answer.type} and id ${answer.id}: expected type ${frameTypes.answer} and id ${id}`,
          );
      }
      return got;
    },
    async ask(requests, send) {
      for (const [k, { status, text, floats }] of (await session.listen(requests, send)).entries()) {
        const { operation, rows, cols, given } = requests[k];
        const name = operations.find((each) => definitions[each].code === operation) as Operation;
        const length = outputLength(name, rows, cols, { ...options[name]?.fixed, ...given });
        const call = `${name} of ${rows} x ${cols}`;
        if (status !== 0) throw new Error(`${call}: status ${status}, '${inert(text)}'`);
        if (floats.length !== length)
          throw new Error(`${call}: ${floats.length} numbers, expected ${length}`);
      }
    },
    async refuse(asked) {
      const [{ status }] = await session.listen([asked]);
      if (status === 0 || status >= statuses.length)
        throw new Error(`it answered with status ${status}: expected 1, threw`);
    },
    async end() {
      child.endInput();
      await until(() => ended !== null, 'it did not end');
      if (ended !== 'exit code 0')
        throw new Error(`it ended with ${inert(String(ended))}: expected exit code 0`);
    },
    close: child.kill,
  };
  return session;
}
