import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findingOf, noLimits, recordedOf, resultWith } from '../../properties/support/findings.ts';
import { toJson } from '../report/json.ts';
import { toFindingFile } from './finding-file.ts';

const root = join(import.meta.dirname, '../..');
const published = (name: string): Schema => JSON.parse(readFileSync(join(root, 'schemas', name), 'utf8'));
const schema = published('finding-2.schema.json');

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
function satisfies(value: unknown, rule: Schema, whole: Schema = rule): boolean {
  const { $ref, type, items, properties = {}, required = [], anyOf, oneOf, allOf = [] } = rule;
  if ($ref !== undefined)
    return satisfies(value, whole.$defs?.[$ref.replace('#/$defs/', '')] ?? expect.fail($ref), whole);
  if (type !== undefined && type !== typeOf(value) && !(type === 'number' && typeof value === 'number'))
    return false;
  if ('const' in rule && rule.const !== value) return false;
  if (rule.enum !== undefined && !rule.enum.includes(value)) return false;
  if (rule.pattern !== undefined && !new RegExp(rule.pattern).test(String(value))) return false;
  if (rule.minimum !== undefined && !(Number(value) >= rule.minimum)) return false;
  if (items !== undefined && !(value as unknown[]).every((item) => satisfies(item, items, whole)))
    return false;
  if (!required.every((key) => Object.hasOwn(value as object, key))) return false;
  if (anyOf !== undefined && !anyOf.some((each) => satisfies(value, each, whole))) return false;
  if (oneOf !== undefined && oneOf.filter((each) => satisfies(value, each, whole)).length !== 1) return false;
  return (
    allOf.every((each) => satisfies(value, each, whole)) &&
    Object.entries(properties).every(
      ([key, each]) =>
        !Object.hasOwn(value as object, key) || satisfies(Reflect.get(value as object, key), each, whole),
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
    ['schemaVersion', 3],
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

describe('the published schema of runs', () => {
  const runs = published('run-1.schema.json');
  const limits = { ...noLimits, runs: 400 };
  const targets = [
    resultWith({ verdict: 'falsified', findings: [recordedOf(), recordedOf({ output: null })] }),
  ];
  const file = toJson({ seed: 1, limits, elapsedMs: 3, interrupted: false, targets }, new Date());
  const [target] = file.targets;

  it('should accept what runs write', () => {
    expect(satisfies(file, runs)).toBe(true);
    expect(satisfies({ ...file, shard: { index: 1, count: 2 }, targets: [] }, runs)).toBe(true);
  });

  it.each([
    ['schemaVersion', 2],
    ['version', undefined],
    ['interrupted', null],
    ['shard', { index: 1 }],
    ['options', { ...file.options, rows: 'many' }],
    ['targets', [{ ...target, verdict: 'fine' }]],
    ['targets', [{ ...target, findings: [{ ...target.findings[0], logits: [1] }] }]],
  ])('should refuse one whose %s is %j', (key, value) => {
    expect(satisfies(JSON.parse(JSON.stringify({ ...file, [key]: value })), runs)).toBe(false);
  });
});
