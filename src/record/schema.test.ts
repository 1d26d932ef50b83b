import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findingOf } from '../../properties/support/findings.ts';
import { toFindingFile } from './finding-file.ts';

const root = join(import.meta.dirname, '../..');
const schema: Schema = JSON.parse(readFileSync(join(root, 'schemas/finding-1.schema.json'), 'utf8'));

/** As much of JSON Schema as the published one uses. */
interface Schema {
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, Schema>>;
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly pattern?: string;
  readonly minimum?: number;
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly anyOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
}

function typeOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  return Number.isInteger(value) ? 'integer' : typeof value;
}

/** Whether `value` satisfies `rule`, by the definition of each keyword. */
function satisfies(value: unknown, rule: Schema): boolean {
  const { $ref, type, items, properties = {}, required = [], anyOf, oneOf, allOf = [] } = rule;
  if ($ref !== undefined)
    return satisfies(value, schema.$defs?.[$ref.replace('#/$defs/', '')] ?? expect.fail($ref));
  if (type !== undefined && type !== typeOf(value) && !(type === 'number' && typeof value === 'number'))
    return false;
  if ('const' in rule && rule.const !== value) return false;
  if (rule.enum !== undefined && !rule.enum.includes(value)) return false;
  if (rule.pattern !== undefined && !new RegExp(rule.pattern).test(String(value))) return false;
  if (rule.minimum !== undefined && !(Number(value) >= rule.minimum)) return false;
  if (items !== undefined && !(value as unknown[]).every((item) => satisfies(item, items))) return false;
  if (!required.every((key) => Object.hasOwn(value as object, key))) return false;
  if (anyOf !== undefined && !anyOf.some((each) => satisfies(value, each))) return false;
  if (oneOf !== undefined && oneOf.filter((each) => satisfies(value, each)).length !== 1) return false;
  return (
    allOf.every((each) => satisfies(value, each)) &&
    Object.entries(properties).every(
      ([key, each]) =>
        !Object.hasOwn(value as object, key) || satisfies(Reflect.get(value as object, key), each),
    )
  );
}

describe('the published schema', () => {
  it('should be what the code reads files with', () => {
    const { status, stderr } = spawnSync(process.execPath, ['scripts/write-schema.mjs', '--check'], {
      cwd: root,
      encoding: 'utf8',
    });
    expect([status, stderr]).toEqual([0, '']);
  });

  const file = toFindingFile(findingOf({ target: { name: 'naive', specifier: 'naive' } }));

  it('should accept the files of findings', () => {
    expect(file.trace?.steps.length).toBe(3);
    const others = [
      findingOf({ output: null, index: null, boundary: null, detail: 'it threw', origin: { by: 'article' } }),
      findingOf({ origin: { by: 'saved', file: 'a.json' }, errorUlp: 1.5, budgetUse: 2 }),
    ];
    for (const each of [file, ...others.map(toFindingFile)]) expect(satisfies(each, schema)).toBe(true);
  });

  it.each([
    ['schemaVersion', 2],
    ['kind', 'wrong'],
    ['found', { by: 'generated', occurrences: 1 }],
    ['found', { by: 'article' }],
    ['input', { ...file.input, rows: 0 }],
    ['expected', ['3f80000']],
    ['worst', null],
  ])('should refuse one whose %s is %j', (key, value) => {
    expect(satisfies({ ...file, [key]: value }, schema)).toBe(false);
  });
});
