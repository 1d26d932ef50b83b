/** Targets that are programs: `cmd:program args`. */
import { basename } from 'node:path';
import { createHistory, type History } from '../../core/call.ts';
import { FURTHER_CALLS, type Law } from '../../core/law.ts';
import type { Operation } from '../../core/operation.ts';
import type { Declaration, Target } from '../../core/target.ts';
import { type Formats, inFp32 } from '../../formats/index.ts';
import { locating, UserError } from '../../text/errors.ts';
import { inert } from '../../text/inert.ts';
import { createTarget, formatsOf } from '../create.ts';
import { isReloadable } from '../load.ts';
import { ahead } from './ahead.ts';
import { type Connected, connect, NotGreeted } from './connect.ts';
import type { Version } from './frame.ts';
import { createLink, type Link } from './link.ts';
import { limitsOf, type Reach } from './reach.ts';
import { remoteKernel } from './remote.ts';
import { splitWords } from './words.ts';

/** The prefix of programs. */
export const PROGRAM_PREFIX = 'cmd:';

/** The program and its arguments in a specifier like `cmd:python3 adapter.py numpy`. */
export function programOf(specifier: string): { readonly program: string; readonly args: readonly string[] } {
  const words = locating(`target ${specifier}`, () => splitWords(specifier.slice(PROGRAM_PREFIX.length)));
  const [program, ...args] = words;
  if (program === undefined)
    throw new UserError(`target ${specifier} names no program`, "Expected 'cmd:program arguments'.");
  return { program, args };
}

/**
 * The kernel of a program, which is started and has greeted.
 * @throws UserError when it cannot be started, does not greet, or greets wrongly.
 */
export async function programTarget(specifier: string, reach: Reach): Promise<Target> {
  const { program, args } = programOf(specifier);
  const target = await processTarget(specifier, basename(program), program, args, reach, false);
  return { ...target, laws: target.laws.filter((law) => !ofMemory.has(law)) };
}

/** The laws of memory that caller and kernel share: a program has its own. */
export const ofMemory: ReadonlySet<Law> = new Set(['view', 'fresh-answer']);

/** What is said of a module or library whose process says nothing as it should: it knows of no greeting. */
const expectedOfLoading =
  'Loading it must neither end the process, nor write to stdout past console.log, nor take long or much memory: --start-timeout 5m and --memory 8g allow more.';

/** What can be asked of a host about the memory that it shares with the kernel. */
function memoryOf(
  operations: readonly Operation[],
  link: Link,
  history: History,
): Pick<Target, 'inViews' | 'answerAfter'> {
  const { callInViews } = link;
  return {
    answerAfter(operation, first, second, restMs, isOwn) {
      history.note(operation, first);
      for (let call = 0; call < FURTHER_CALLS; call++) history.note(operation, second);
      return link.answerAfter(operation, first, second, restMs, isOwn);
    },
    inViews: (placement) =>
      remoteKernel(operations, (operation, input) => callInViews(operation, input, placement)),
  };
}

/**
 * The formats in which arrays are sent to the program.
 * @throws UserError where it declares formats or options that its version of the protocol has not.
 */
export function formatsSpoken(specifier: string, version: Version, declaration: Declaration): Formats {
  const formats = locating(`target ${specifier}`, () => formatsOf(declaration));
  if (version === 1 && formats !== inFp32)
    throw new UserError(
      `target ${specifier} declares a format, and speaks version 1 of the protocol`,
      'Arrays of 16-bit formats are sent by version 2: docs/protocol.md.',
    );
  if (version === 1 && declaration.options !== undefined)
    throw new UserError(
      `target ${specifier} declares options, and speaks version 1 of the protocol`,
      'Options are sent by version 2: docs/protocol.md.',
    );
  return formats;
}

/** Of what a host notes, so many characters are shown: it may quote a specifier. */
const LONGEST_NOTE = 2000;

/** The target `name` whose kernel is in the process of `program`, unless its greeting names it otherwise. */
export async function processTarget(
  specifier: string,
  name: string,
  program: string,
  args: readonly string[],
  reach: Reach,
  isHost: boolean,
): Promise<Target> {
  const limits = limitsOf(reach);
  const first = await connect(program, args, limits).catch((error) => {
    if (!(error instanceof UserError) || error.message.startsWith(`target ${specifier}`)) throw error;
    const message = `target ${specifier}: ${error.message}`;
    if (!(error instanceof NotGreeted)) throw new UserError(message, error.hint);
    throw new NotGreeted(message, isHost ? expectedOfLoading : error.hint);
  });
  const { operations, found } = first.greeting;
  const declaration = isHost
    ? first.greeting.declaration
    : { ...first.greeting.declaration, ...reach.declared };
  // A host that has called functions to find out how is started again and told: nothing is called before what is asked.
  const again = isHost ? [...args, JSON.stringify(found.readings)] : args;
  const start = (): Promise<Connected> => connect(program, again, limits);
  // A host packs numbers itself: what is sent to it is FP32.
  const formats = isHost ? inFp32 : formatsSpoken(specifier, first.version, declaration);
  // A program may hold what only one process can: its next is started when the last has ended.
  const link = createLink(first, isHost ? ahead(start) : start, limits, formats);
  if (found.probed) await link.renew();
  const history = createHistory();
  const renew = (): Promise<void> => {
    history.forget();
    return link.renew();
  };
  const reload = (): void => {
    history.forget();
    link.reload();
  };
  const kernel = remoteKernel(operations, link.call);
  return locating(`target ${specifier}`, () => ({
    ...createTarget(name, kernel, declaration, specifier),
    isRemote: true,
    notes: found.notes.map((note) => inert(note, LONGEST_NOTE)),
    renew,
    history,
    ...(isHost && isReloadable(specifier) ? { reload } : {}),
    patiently: link.patiently,
    ...(isHost ? memoryOf(operations, link, history) : {}),
  }));
}
