/**
 * The program that started this process, as a target: `stdio:`. It greets and answers on this process's stdin what is asked on its
 * stdout. So kernels are called in the process of a test, which breakpoints, coverage and fixtures are of.
 */
import type { Socket } from 'node:net';
import type { Target } from '../../core/target.ts';
import { locating, UserError } from '../../text/errors.ts';
import { createTarget } from '../create.ts';
import { STDIO_PREFIX } from '../prefixes.ts';
import type { Child, ChildListener } from './child.ts';
import { connectTo, expectedGreeting } from './connect.ts';
import { createLink } from './link.ts';
import { formatsSpoken, ofMemory } from './program.ts';
import { limitsOf, type Reach } from './reach.ts';
import { remoteKernel } from './remote.ts';

/**
 * The kernel of whoever started this process, in their own. From now on what this process prints goes to stderr. How long a call may
 * take, and what it may hold, is theirs to say: it may wait at a breakpoint.
 * @throws UserError when stdin is a terminal, ends, or does not greet rightly.
 */
export async function stdioTarget(specifier: string, reach: Reach): Promise<Target> {
  const limits = { ...limitsOf(reach), timeoutMs: Number.POSITIVE_INFINITY };
  const owner = 'target stdio';
  let isGreeted = false;
  const talk = (listener: ChildListener): Child =>
    // Once it is gone nobody waits for a verdict: this ends as by Ctrl-C.
    talkHere(listener, (how) => (isGreeted ? process.kill(process.pid, 'SIGTERM') : listener.onEnd(how)));
  const first = await connectTo(talk, limits, () => ['it cannot be started']).catch((error) => {
    if (!(error instanceof UserError)) throw error;
    const hint = error.hint === expectedGreeting ? expected : error.hint;
    throw new UserError(`${owner}: ${error.message}`, hint);
  });
  isGreeted = true;
  const declaration = { ...first.greeting.declaration, ...reach.declared };
  const formats = formatsSpoken(specifier, first.version, declaration);
  const gone = (): Promise<never> => Promise.reject(new UserError('it has started this process'));
  const kernel = remoteKernel(first.greeting.operations, createLink(first, gone, limits, formats).call);
  return locating(owner, () => {
    const target = createTarget(STDIO_PREFIX, kernel, declaration, specifier);
    return { ...target, isRemote: true, laws: target.laws.filter((law) => !ofMemory.has(law)) };
  });
}

const expected =
  'It is of a program that starts softmax-fuzz with pipes for stdin and stdout, as check of softmax_fuzz does in Python: docs/protocol.md.';

/** This process's own pipes, as those of a child; `onGone` hears of their end. */
function talkHere({ onOutput, onEnd }: ChildListener, onGone: (how: string) => void): Child {
  const { stdin, stdout } = process;
  Object.defineProperty(process, 'stdout', { get: () => process.stderr });
  if (stdin.isTTY) queueMicrotask(() => onGone('stdin is a terminal'));
  else stdin.on('data', onOutput).once('end', () => onGone('stdin ended'));
  (stdin as Partial<Socket>).unref?.();
  return {
    write: (bytes) => void stdout.write(bytes),
    endInput: () => void stdout.end(),
    kill: () => onEnd('it is asked no more'),
    memory: () => 0,
  };
}
