/** The state of a campaign while it runs. It is kept and shown a few times a second, in this order: what was shown is kept. */
import type { Explored } from './explore/explore.ts';
import { unite } from './explore/ranges.ts';
import { fold } from './explore/tally.ts';
import { type CampaignState, initialState, type Journal } from './state.ts';

/** How far a campaign has come. */
export interface Progress {
  /** Batches are drawn and judged first; what was found is shrunk then. */
  readonly phase: 'exploring' | 'shrinking';
  /** Cases done, or buckets shrunk. */
  readonly done: number;
  /** Cases or buckets to do; null when only the time limits them. */
  readonly total: number | null;
  /** Buckets found so far, over all targets. */
  readonly buckets: number;
  /** The bucket that is being shrunk, if one is. */
  readonly bucket?: string;
  /** Since the campaign began, in all processes that worked on it. */
  readonly elapsedMs: number;
}

/** See {@link createLedger}. */
export interface Ledger {
  readonly state: () => CampaignState;
  /** The time that the campaign took, in all processes that worked on it. */
  readonly elapsedMs: () => number;
  /** How many buckets were found, over all targets. */
  readonly buckets: () => number;
  readonly add: (explored: Explored) => void;
  /** Keeps the state and shows progress, unless that was done just now. */
  readonly tick: (progress: Pick<Progress, 'phase' | 'done' | 'total' | 'bucket'>) => void;
  /** Keeps the state. */
  readonly save: (finished?: boolean) => void;
}

/** How often the state is kept and progress shown, in ms. */
const TICK_MS = 200;

/** The ledger of a campaign against so many targets that goes on where the journal ends. */
export function createLedger(
  targets: number,
  journal: Journal | undefined,
  onProgress: ((progress: Progress) => void) | undefined,
): Ledger {
  const start = performance.now();
  const earlier = journal?.state ?? initialState(targets);
  let state: CampaignState = { ...earlier, finished: false };
  let lastTick = start;
  const elapsedMs = () => earlier.elapsedMs + performance.now() - start;
  const buckets = () => state.tallies.reduce((sum, { discoveries }) => sum + discoveries.size, 0);
  const save = (finished = false) => {
    state = { ...state, elapsedMs: Math.round(elapsedMs()), finished };
    journal?.save(state);
  };
  return {
    state: () => state,
    elapsedMs,
    buckets,
    add({ range, tallies }) {
      state = {
        ...state,
        done: unite(state.done, [range]),
        tallies: state.tallies.map((tally, t) => fold(tally, tallies[t])),
      };
    },
    tick(progress) {
      if (performance.now() - lastTick < TICK_MS) return;
      save();
      onProgress?.({ ...progress, buckets: buckets(), elapsedMs: state.elapsedMs });
      lastTick = performance.now();
    },
    save,
  };
}
