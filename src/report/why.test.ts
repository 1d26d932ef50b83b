import { describe, expect, it } from 'vitest';
import { findingOf } from '../../properties/support/findings.ts';
import { triggers } from '../core/trigger.ts';
import { kinds } from '../core/violation.ts';
import { describeKind, describeTrigger } from './why.ts';

describe('describeKind and describeTrigger', () => {
  it('should have words of their own for every kind and trigger', () => {
    const words = [
      ...kinds.map((kind) => describeKind(findingOf({ kind }))),
      ...triggers.map((trigger) => describeTrigger(findingOf({ bucket: `softmax/nan/${trigger}/warning` }))),
    ];
    expect(words).not.toContain(null);
    expect(new Set(words).size).toBe(kinds.length + triggers.length);
  });

  it('should have no words where nothing in the row sets it off', () => {
    expect(describeTrigger(findingOf({ bucket: 'softmax/threw' }))).toBeNull();
  });
});
