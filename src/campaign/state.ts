/** How far a campaign has come, and where it is kept, so that it can go on after its process was killed. */
import type { Finding } from '../core/finding.ts';
import type { Range } from './explore/ranges.ts';
import { emptyTally, type Tally } from './explore/tally.ts';

/** Everything that a campaign has to know to go on. */
export interface CampaignState {
  /** The cases that are in the tallies. */
  readonly done: readonly Range[];
  /** A tally for each target. */
  readonly tallies: readonly Tally[];
  /** The time that it took so far, in all processes that worked on it. */
  readonly elapsedMs: number;
  /** Whether nothing is left to explore or to shrink. */
  readonly finished: boolean;
}

/** The state before the first case. */
export function initialState(targets: number): CampaignState {
  return { done: [], tallies: new Array<Tally>(targets).fill(emptyTally), elapsedMs: 0, finished: false };
}

/** Where a campaign keeps its state and what it has shrunk. */
export interface Journal {
  /** What an earlier process left, or null. */
  readonly state: CampaignState | null;
  /** Replaces the state, at once or not at all. */
  readonly save: (state: CampaignState) => void;
  /** What a discovery shrank to earlier, or null. Targets are counted from 0. */
  readonly finding: (target: number, bucket: string) => Finding | null;
  /** Keeps what a discovery shrank to, for `finding`. */
  readonly keep: (target: number, bucket: string, finding: Finding) => void;
}
