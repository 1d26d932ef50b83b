import { describe, expect, it } from 'vitest';
import { UserError } from '../text/errors.ts';
import { families, familiesNamed } from './families.ts';

describe('families', () => {
  it('should have a name each and positive integers as weights', () => {
    expect(new Set(families.map(({ name }) => name)).size).toBe(families.length);
    expect(families.every(({ weight }) => Number.isInteger(weight) && weight > 0)).toBe(true);
    expect(families.reduce((sum, { weight }) => sum + weight, 0)).toBe(47);
  });
});

describe('familiesNamed', () => {
  it('should find families by name', () => {
    expect(familiesNamed(['masks', 'ties']).map(({ name }) => name)).toEqual(['ties', 'masks']);
  });

  it('should name what is unknown and list what there is', () => {
    expect(() => familiesNamed(['ties', 'tyes'])).toThrow("there is no family named 'tyes'");
    try {
      familiesNamed(['tyes']);
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(UserError);
      expect((error as UserError).hint).toContain('ordinary, extremes, ties');
    }
  });

  it('should reject an empty list', () => {
    expect(() => familiesNamed([])).toThrow(UserError);
  });
});
