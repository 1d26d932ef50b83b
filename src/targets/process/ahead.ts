/** Processes that are started before they are needed: a start takes longer than what a finding asks of a fresh process. */
import type { Connected } from './connect.ts';

/** So many processes have to be asked for before the next is started ahead: where a second is needed, there are mostly more. */
const PROOF = 2;

/** A process that waits to be taken. */
interface Spare {
  readonly connected: Connected;
  /** Whether it has ended, or said more than its greeting. Such a one is not given away. */
  isSpoilt: boolean;
}

/** `start`, of which the next is under way while the last is used. One that could not be started ahead is started when it is needed, which then says why. */
export function ahead(start: () => Promise<Connected>): () => Promise<Connected> {
  let spare: Promise<Spare | null> | null = null;
  let taken = 0;
  return async () => {
    const waiting = await spare;
    spare = null;
    if (waiting?.isSpoilt === true) waiting.connected.child.kill();
    const connected = waiting?.isSpoilt === false ? waiting.connected : await start();
    if (++taken >= PROOF) spare = start().then(watched, () => null);
    return connected;
  };
}

function watched(connected: Connected): Spare {
  const spare: Spare = { connected, isSpoilt: false };
  const spoil = (): void => {
    spare.isSpoilt = true;
  };
  connected.listen({ onOutput: spoil, onEnd: spoil });
  return spare;
}
