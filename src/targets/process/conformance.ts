/** Whether a program keeps to docs/protocol.md: what a campaign relies on, asked for one by one. */
import { setTimeout as wait } from 'node:timers/promises';
import {
  definitions,
  type Operation,
  outputLength,
  usesTargets,
  usesUpstream,
} from '../../core/operation.ts';
import { formatsOf } from '../create.ts';
import { oneLine } from '../describe.ts';
import { type Connected, connect } from './connect.ts';
import {
  createFrameReader,
  emptyFrame,
  encodeFrame,
  type Frame,
  frameTypes,
  HEADER_BYTES,
  statuses,
} from './frame.ts';
import { batchOfRequest } from './layout.ts';
import { programOf } from './program.ts';
import { type Limits, limitsOf, type Reach } from './reach.ts';
import { tensorsOf } from './tensors.ts';

/** One thing that a program must do, and what it did instead, or null. */
export interface Check {
  readonly name: string;
  readonly failure: string | null;
}

/** A number that no operation has. */
const UNKNOWN_OPERATION = 999;

/** Requests at once, and the shape of the large one: more than a pipe holds. */
const MANY = 32;
const LARGE = { rows: 64, cols: 4096 } as const;

/**
 * The checks of a program. What has failed one is replaced before the next.
 * @throws UserError when it cannot be started or does not greet.
 */
export async function checkProgram(specifier: string, reach: Reach): Promise<Check[]> {
  const { program, args } = programOf(specifier);
  const limits = limitsOf(reach);
  const done: Check[] = [];
  let session: Session | null = null;
  for (const [name, check] of Object.entries(checks)) {
    session ??= openSession(await connect(program, args, limits), limits);
    const failure = await check(session).then(
      () => null,
      (error: Error) => error.message,
    );
    done.push({ name, failure });
    if (failure === null) continue;
    session.close();
    session = null;
  }
  return done;
}

const checks: Readonly<Record<string, (session: Session) => Promise<void>>> = {
  async 'answers every operation that it offers'(session) {
    for (const operation of session.operations) await session.ask([request(operation, 1, 3, 5)]);
  },
  async 'answers requests in their order, with their ids'(session) {
    const shapes = Array.from({ length: MANY }, (_, k) => [1 + (k % 3), 1 + (k % 5)] as const);
    const [operation] = session.operations;
    await session.ask(
      shapes.map(([rows, cols], k) => request(operation, rows, cols, (0xfffffff0 + 7 * k) >>> 0)),
    );
  },
  async 'reads a frame that comes in pieces'(session) {
    const frame = request(session.operations[0], 2, 3, 1);
    await session.ask([frame], async (bytes) => {
      for (const [from, to] of [
        [0, 5],
        [5, HEADER_BYTES + 2],
        [HEADER_BYTES + 2, bytes.length],
      ]) {
        session.write(bytes.subarray(from, to));
        await wait(20);
      }
    });
  },
  async 'reads and writes a frame of a megabyte'(session) {
    await session.ask([request(session.operations[0], LARGE.rows, LARGE.cols, 1)]);
  },
  async 'refuses an operation that it does not know, and goes on'(session) {
    const unknown = { ...request(session.operations[0], 1, 2, 1), operation: UNKNOWN_OPERATION };
    const [answer] = await session.listen([unknown]);
    if (answer.status === 0 || answer.status >= statuses.length)
      throw new Error(`it answered with status ${answer.status}: expected 1, threw`);
    await session.ask([request(session.operations[0], 1, 2, 2)]);
  },
  async 'ends when its input ends'(session) {
    await session.end();
  },
};

/** A request of ordinary logits. */
function request(operation: Operation, rows: number, cols: number, id: number): Frame {
  return {
    ...emptyFrame,
    id,
    operation: definitions[operation].code,
    rows,
    cols,
    floats: Float32Array.from({ length: rows * cols }, (_, k) => (k % 7) - 3),
    upstream: usesUpstream(operation)
      ? Float32Array.from({ length: rows * cols }, (_, k) => (k % 5) - 2)
      : emptyFrame.upstream,
    ints: usesTargets(operation) ? Int32Array.from({ length: rows }, (_, r) => r % cols) : emptyFrame.ints,
  };
}

interface Session {
  readonly operations: readonly Operation[];
  readonly write: (bytes: Buffer) => void;
  /** Sends requests and waits for as many answers. Throws where one has another id, or none comes. */
  readonly listen: (requests: readonly Frame[], send?: (bytes: Buffer) => Promise<void>) => Promise<Frame[]>;
  /** The same; throws too where an answer is not of its operation's length. */
  readonly ask: (requests: readonly Frame[], send?: (bytes: Buffer) => Promise<void>) => Promise<void>;
  /** Ends the program's input and waits for its end. */
  readonly end: () => Promise<void>;
  readonly close: () => void;
}

function openSession({ child, greeting, version, listen: hear }: Connected, { timeoutMs }: Limits): Session {
  const { operations, declaration } = greeting;
  const formats = formatsOf(declaration);
  const inVersion = (frame: Frame): Frame =>
    version === 1 ? frame : { ...frame, version, tensors: tensorsOf(batchOfRequest(frame), formats) };
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
      if (noise !== null) fail(`it wrote '${oneLine(noise.beginning)}' to stdout, which is no frame`);
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
      if (ended !== null) throw new Error(`it ended (${oneLine(ended)})`);
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
        const { operation, rows, cols } = requests[k];
        const name = operations.find((each) => definitions[each].code === operation) as Operation;
        const length = outputLength(name, rows, cols);
        const call = `${name} of ${rows} x ${cols}`;
        if (status !== 0) throw new Error(`${call}: status ${status}, '${oneLine(text)}'`);
        if (floats.length !== length)
          throw new Error(`${call}: ${floats.length} numbers, expected ${length}`);
      }
    },
    async end() {
      child.endInput();
      await until(() => ended !== null, 'it did not end');
      if (ended !== 'exit code 0')
        throw new Error(`it ended with ${oneLine(String(ended))}: expected exit code 0`);
    },
    close: child.kill,
  };
  return session;
}
