/**
 * Writes the published JSON Schema of a finding's file, from the schema that the code reads files with. Needs `dist`.
 * With --check it writes nothing, and fails when the published one says something else.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { toJsonSchema } from '@valibot/to-json-schema';
import { findingSchema, SCHEMA_VERSION } from '../dist/record/finding-file.js';
import { batchSchema, sketchSchema, wordSchema } from '../dist/record/words.js';

const name = `finding-${SCHEMA_VERSION}.schema.json`;
const file = new URL(`../schemas/${name}`, import.meta.url);

const { $schema, ...rest } = toJsonSchema(findingSchema, {
  target: 'draft-2020-12',
  definitions: { word: wordSchema, batch: batchSchema, sketch: sketchSchema },
});
const schema = { $schema, $id: `softmax-fuzz/schemas/${name}`, title: 'A finding of softmax-fuzz', ...rest };

if (!process.argv.includes('--check')) {
  writeFileSync(file, `${JSON.stringify(schema, null, 2)}\n`);
} else if (!isDeepStrictEqual(JSON.parse(readFileSync(file, 'utf8')), schema)) {
  process.stderr.write(`schemas/${name} is not what the code reads: npm run schema\n`);
  process.exitCode = 1;
}
