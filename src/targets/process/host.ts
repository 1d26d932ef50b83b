/** What the process of an isolated target runs: loads it, greets, and answers calls until its stdin ends. */
import './streams.ts';
import { readSync, writeSync } from 'node:fs';
import { operationsOf } from '../../core/kernel.ts';
import { FURTHER_CALLS } from '../../core/law.ts';
import { definitions, type Operation, operations } from '../../core/operation.ts';
import type { ChangedLater, Target } from '../../core/target.ts';
import { UserError } from '../../text/errors.ts';
import { shortened } from '../../text/inert.ts';
import { type Loader, loaderOf } from '../load.ts';
import { type Observation, observe, observeInViews } from '../observe.ts';
import { declarationOfTarget } from '../redeclared.ts';
import { changedSince, rest } from '../rest.ts';
import { createFrameReader, emptyFrame, encodeFrame, type Frame, frameTypes, statuses } from './frame.ts';
import { LONGEST_TEXT } from './greeting.ts';
import { createGuard } from './intrinsics.ts';
import { afterOthersOut, batchOfRequest, wantedBy } from './layout.ts';
import { descendantsOf, endProcesses } from './strays.ts';

const [, , specifier, declared, readings] = process.argv;
const { exit } = process;
const guard = createGuard(lost);
const requests: Frame[] = [];
const reader = createFrameReader({
  onFrame: (frame) => requests.push(frame),
  onFault(detail) {
    throw new Error(detail);
  },
});
const chunk = Buffer.alloc(2 ** 20);

const target = await load();
if (target !== null) await serve(target);

async function load(): Promise<Target | null> {
  try {
    const loaded = await loadAgain();
    const declaration = declarationOfTarget(loaded);
    const probed = loaded.readings !== undefined && readings === undefined;
    const found = {
      notes: loaded.notes?.map((note) => shortened(note, LONGEST_TEXT)),
      readings: loaded.readings,
      probed,
    };
    send({ text: JSON.stringify({ ...declaration, operations: operationsOf(loaded.kernel), found }) });
    return loaded;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const { message, hint } = error;
    send({ status: statuses.indexOf('threw'), text: JSON.stringify({ message, hint }) });
    return null;
  }
}

/** The target; with a number of its own for `anew` as it has not been called. */
function loadAgain(anew?: number): ReturnType<Loader> {
  const known = readings === undefined ? undefined : JSON.parse(readings);
  return loaderOf(specifier)(specifier, { readings: known, anew, declared: JSON.parse(declared), guard });
}

/** Reads and writes block: between calls there is nothing else to do, and a promise is waited for without them. */
async function serve(first: Target): Promise<void> {
  let loaded = first;
  let loads = 0;
  let last: Observation | undefined;
  for (;;) {
    const request = requests.shift();
    if (request === undefined) {
      const bytes = patiently(() => readSync(0, chunk));
      if (bytes === 0) end();
      reader.push(chunk.subarray(0, bytes));
      continue;
    }
    const batch = batchOfRequest(request);
    const { placement, isAfter, restMs, isOwn, isAnew } = wantedBy(request.status);
    if (isAnew) loaded = await loadAgain(++loads);
    const operation = operations.find((each) => definitions[each].code === request.operation) as Operation;
    const called =
      placement === null
        ? observe(loaded, operation, batch)
        : observeInViews(loaded, operation, batch, placement);
    const observation = called instanceof Promise ? await called : called;
    if (isAfter) {
      for (let call = 1; call < FURTHER_CALLS; call++) await observe(loaded, operation, batch);
      await rest(restMs);
      answerAfter(request, last, changedSince(loaded, operation, isOwn));
    } else answer(request, observation);
    last = observation;
  }
}

/** Nothing that is done from here on could be trusted. */
function lost(words: string): never {
  writeSync(2, `${words}\n`);
  return exit(1);
}

/** Nobody asks any more: of who does not say so, as the campaign does that is killed, nothing is left either. */
function end(): void {
  endProcesses(descendantsOf(process.pid));
  exit();
}

function answer({ id, operation }: Frame, observation: Observation): void {
  const named = statuses.find((each) => each === observation.status) ?? 'threw';
  const status = statuses.indexOf(named);
  const result =
    observation.status === 'answered' ? { floats: observation.output } : { text: observation.detail };
  send({ type: frameTypes.answer, id, operation, status, ...result });
}

/** What has become of `first`, which was the answer before, and what else was changed. */
function answerAfter(request: Frame, first: Observation | undefined, changed: ChangedLater | null): void {
  if (first?.status !== 'answered') {
    answer(request, first ?? { status: 'threw', detail: 'nothing was called before' });
    return;
  }
  const { id, operation } = request;
  const memory = first.live?.() ?? first.output;
  send({ type: frameTypes.answer, id, operation, ...afterOthersOut({ answer: memory, changed }) });
}

function send(frame: Partial<Frame>): void {
  const bytes = encodeFrame({ ...emptyFrame, type: frameTypes.greeting, ...frame });
  for (let at = 0; at < bytes.length; ) at += patiently(() => writeSync(1, bytes, at));
}

/** What `transfer` gives, tried again while the pipe is not ready: a module that touches process.stdin makes it unwilling to wait. */
function patiently(transfer: () => number): number {
  for (;;) {
    try {
      return transfer();
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
    }
  }
}
