/** Starts a program and hears its greeting. */

import { UserError } from '../../text/errors.ts';
import { inert } from '../../text/inert.ts';
import { describeThrown } from '../describe.ts';
import { type Child, type ChildListener, startChild } from './child.ts';
import { createFrameReader, type Frame, frameTypes } from './frame.ts';
import { type Greeting, parseGreeting, parseRefusal } from './greeting.ts';
import type { Connection } from './link.ts';
import type { Limits } from './reach.ts';
import { describeMemory, LOOK_MS } from './watch.ts';

/** A program that has greeted. */
export interface Connected extends Connection {
  readonly greeting: Greeting;
}

/** What has started, and sent no greeting. */
export class NotGreeted extends UserError {}

/** What programs are told whose greeting is not one. */
export const expectedGreeting =
  'Expected a greeting, a frame as docs/protocol.md describes it, and nothing but frames on stdout.';

/** What programs are told that have said nothing. */
const waitLonger = 'One that needs longer is given it: --start-timeout 5m.';

const moreMemory = 'One that needs more is given it: --memory 8g.';

/**
 * Starts `program` and waits for its greeting.
 * @throws UserError when there is no such program, it may not be executed, it ends, it writes something else, or it says
 * nothing for too long.
 */
export function connect(program: string, args: readonly string[], limits: Limits): Promise<Connected> {
  return connectTo(
    (listener) => startChild(program, args, limits.showStderr, listener),
    limits,
    (error) => refusal(program, error),
  );
}

/**
 * Waits for the greeting of what `start` starts; `refusal` says why that could not be started.
 * @throws UserError as {@link connect}.
 */
export function connectTo(
  start: (listener: ChildListener) => Child,
  limits: Limits,
  refusal: (error: NodeJS.ErrnoException) => [message: string, hint?: string],
): Promise<Connected> {
  return new Promise((resolve, reject) => {
    let heard = false;
    let child: Child | undefined;
    let onOutput: (chunk: Buffer) => void;
    let onEnd = (how: string): void =>
      notGreeted(`it ended before its greeting (${inert(how)})`, expectedGreeting);

    const settle = (use: () => void): void => {
      if (heard) return;
      heard = true;
      clearTimeout(timer);
      clearInterval(looking);
      use();
    };
    const fail = (error: UserError): void =>
      settle(() => {
        child?.kill();
        reject(error);
      });
    const notGreeted = (message: string, hint: string): void => fail(new NotGreeted(message, hint));
    const timer = setTimeout(
      () =>
        notGreeted(
          `it sent no greeting within ${limits.startMs / 1000} s`,
          `${expectedGreeting} ${waitLonger}`,
        ),
      limits.startMs,
    );
    const looking = setInterval(() => {
      if ((child?.memory() ?? 0) > limits.memoryBytes)
        notGreeted(`${describeMemory(limits.memoryBytes)} before its greeting`, moreMemory);
    }, LOOK_MS);
    const greeted = (frame: Frame): void => {
      const running = child as Child;
      settle(() => {
        try {
          resolve({
            version: frame.version,
            greeting: greetingOf(frame),
            child: running,
            listen(listener) {
              ({ onOutput, onEnd } = listener);
            },
          });
        } catch (error) {
          running.kill();
          reject(error);
        }
      });
    };
    const reader = createFrameReader({
      onFrame: greeted,
      onFault: (detail) => notGreeted(detail, expectedGreeting),
    });
    onOutput = (chunk) => {
      reader.push(chunk);
      const noise = reader.noise();
      if (noise !== null)
        notGreeted(`it wrote '${inert(noise.beginning)}' before its greeting`, expectedGreeting);
    };
    child = start({
      onOutput: (chunk) => onOutput(chunk),
      onEnd: (how) => onEnd(how),
      onRefused: (error) => fail(new UserError(...refusal(error))),
    });
  });
}

/**
 * What a program that greets with this frame offers.
 * @throws UserError when it is no greeting, or what a program says that cannot run.
 */
export function greetingOf({ type, status, text }: Frame): Greeting {
  if (type !== frameTypes.greeting)
    throw new UserError(`it sent a frame of type ${type} before its greeting`, expectedGreeting);
  if (status === 0) return parseGreeting(text);
  throw parseRefusal(text);
}

function refusal(program: string, error: NodeJS.ErrnoException): [message: string, hint?: string] {
  if (error.code === 'ENOENT')
    return [
      `there is no program '${program}'`,
      'Expected the path of an executable, or a name on the PATH, like cmd:python3 adapter.py.',
    ];
  if (error.code === 'EACCES')
    return [
      `'${program}' is not executable`,
      `Run chmod +x ${program}, or name what runs it, like cmd:python3 adapter.py.`,
    ];
  return [`'${program}' cannot be started: ${describeThrown(error)}`];
}
