import { describe, expect, it } from 'vitest';
import { createLedger, type Progress } from './ledger.ts';
import { type CampaignState, initialState, type Journal } from './state.ts';

function journalOf(state: CampaignState | null, events: string[]): Journal {
  return {
    state,
    save: ({ done, finished }) => events.push(`saved ${JSON.stringify(done)}${finished ? ', finished' : ''}`),
    finding: () => null,
    keep: () => {},
  };
}

describe('createLedger', () => {
  it('should keep the state before it shows it, and not every time', async () => {
    const events: string[] = [];
    const onProgress = ({ done }: Progress) => events.push(`shown ${done}`);
    const ledger = createLedger(0, journalOf(null, events), onProgress);
    for (let k = 0; k < 3; k++) {
      if (k === 2) await new Promise((resolve) => setTimeout(resolve, 220));
      ledger.add({ range: [k, k + 1], tallies: [] });
      ledger.tick({ phase: 'exploring', done: k, total: null });
    }
    ledger.save(true);
    expect(events).toEqual(['saved [[0,3]]', 'shown 2', 'saved [[0,3]], finished']);
  });

  it('should go on where the journal ends, its time included', () => {
    const earlier = { ...initialState(1), done: [[0, 5] as const], elapsedMs: 60_000, finished: true };
    const ledger = createLedger(1, journalOf(earlier, []), undefined);
    expect(ledger.state()).toMatchObject({ done: [[0, 5]], finished: false });
    expect(ledger.elapsedMs()).toBeGreaterThanOrEqual(60_000);
  });
});
