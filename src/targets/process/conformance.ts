/** Whether a program keeps to docs/protocol.md: what a campaign relies on, asked for one by one. */
import { setTimeout as wait } from 'node:timers/promises';
import { definitions, type Operation, usesTargets, usesUpstream } from '../../core/operation.ts';
import type { OptionName, Options, Taken } from '../../core/options.ts';
import { nothing } from '../../options/taken.ts';
import { connect } from './connect.ts';
import { emptyFrame, type Frame, HEADER_BYTES } from './frame.ts';
import { programOf } from './program.ts';
import { limitsOf, type Reach } from './reach.ts';
import { openSession, type Session } from './session.ts';

/** One thing that a program must do, and what it did instead, or null. */
export interface Check {
  readonly name: string;
  readonly failure: string | null;
}

/** A number that no operation has, and a name that no option has. */
const UNKNOWN_OPERATION = 999;
const UNKNOWN_OPTION = 'unknown';

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
  for (const [name, { check, isFor }] of Object.entries(checks)) {
    session ??= openSession(await connect(program, args, limits), limits);
    if (isFor?.(session) === false) continue;
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

interface Checking {
  /** Throws an error that says what is not so. */
  readonly check: (session: Session) => Promise<void>;
  /** Whether it is asked for. @defaultValue of every program */
  readonly isFor?: (session: Session) => boolean;
}

const checks: Readonly<Record<string, Checking>> = {
  'answers every operation that it offers': {
    async check(session) {
      for (const operation of session.operations) await session.ask([request(operation, 1, 3, 5)]);
    },
  },
  'takes the options that it declares, as numbers and as tensors of each shape': {
    isFor: ({ options }) => Object.values(options).some(({ names }) => names.length > 0),
    async check(session) {
      for (const operation of session.operations)
        for (const given of askedOf(session.options[operation] ?? nothing))
          await session.ask([{ ...request(operation, 2, 3, 5, given.ignoreIndex), given }]);
    },
  },
  'refuses an option that it does not know, and goes on': {
    isFor: ({ version }) => version > 1,
    async check(session) {
      const unknown = {
        ...request(session.operations[0], 1, 2, 1),
        given: { [UNKNOWN_OPTION]: 1 } as Options,
      };
      await session.refuse(unknown);
      await session.ask([request(session.operations[0], 1, 2, 2)]);
    },
  },
  'answers requests in their order, with their ids': {
    async check(session) {
      const shapes = Array.from({ length: MANY }, (_, k) => [1 + (k % 3), 1 + (k % 5)] as const);
      const [operation] = session.operations;
      await session.ask(
        shapes.map(([rows, cols], k) => request(operation, rows, cols, (0xfffffff0 + 7 * k) >>> 0)),
      );
    },
  },
  'reads a frame that comes in pieces': {
    async check(session) {
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
  },
  'reads and writes a frame of a megabyte': {
    async check(session) {
      await session.ask([request(session.operations[0], LARGE.rows, LARGE.cols, 1)]);
    },
  },
  'refuses an operation that it does not know, and goes on': {
    async check(session) {
      const unknown = { ...request(session.operations[0], 1, 2, 1), operation: UNKNOWN_OPERATION };
      await session.refuse(unknown);
      await session.ask([request(session.operations[0], 1, 2, 2)]);
    },
  },
  'ends when its input ends': {
    async check(session) {
      await session.end();
    },
  },
};

/** Options of a batch of 2 x 3: each that is taken alone, and where a loss may be one a row, with upstream values of rows. */
function askedOf({ names, fixed }: Taken): readonly Options[] {
  const alone = names.flatMap((name) => shapesOf[name].map((value): Options => ({ [name]: value })));
  const ofRows: Options[] = [
    { ...(names.includes('reduction') && { reduction: 'none' }), upstream: Float32Array.of(1, -2) },
  ];
  const mayBeOfRows = names.includes('reduction') || fixed.reduction === 'none';
  return names.includes('upstream') && mayBeOfRows ? [...alone, ...ofRows] : alone;
}

/** An option of a batch of 2 x 3, in every shape in which it is sent. */
const shapesOf: Readonly<Record<OptionName, readonly NonNullable<Options[OptionName]>[]>> = {
  scale: [0.5],
  temperature: [3],
  softcap: [30],
  bias: [Float32Array.of(0, -Infinity, 1), new Float32Array(6)],
  weights: [Float32Array.of(1, 2, 0), new Float32Array(6).fill(2)],
  mask: [Uint8Array.of(1, 0, 1), new Uint8Array(6).fill(1)],
  sink: [0, -Infinity, Float32Array.of(0, 1)],
  reduction: ['mean', 'sum', 'none'],
  ignoreIndex: [-100, 1],
  classWeights: [Float32Array.of(1, 2, 0)],
  rowWeights: [Float32Array.of(2, 0)],
  labelSmoothing: [0.5],
  zLoss: [1],
  probabilities: [Float32Array.of(1, 0, 0, 0.5, 0.25, 0.25)],
  upstream: [2],
};

/** A request of ordinary logits, whose last row has the target `last`. */
function request(operation: Operation, rows: number, cols: number, id: number, last?: number): Frame {
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
    ints: usesTargets(operation)
      ? Int32Array.from({ length: rows }, (_, r) => (r === rows - 1 ? (last ?? r % cols) : r % cols))
      : emptyFrame.ints,
  };
}
