/**
 * Writes the published JSON Schemas of a finding's file and of a run's, from the schemas that the code has. Needs `dist`.
 * With --check it writes nothing, and fails when a published one says something else.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { toJsonSchema } from '@valibot/to-json-schema';
import { batchSchema, sketchSchema } from '../dist/record/batch-words.js';
import { FINDING_VERSION, findingSchema, SCHEMA_VERSION } from '../dist/record/finding-file.js';
import { runSchema } from '../dist/record/run-file.js';
import { wordSchema } from '../dist/record/words.js';

const definitions = { word: wordSchema, batch: batchSchema, sketch: sketchSchema };
publish('finding', FINDING_VERSION, 'A finding of softmax-fuzz', findingSchema, definitions);
publish('run', SCHEMA_VERSION, 'A run of softmax-fuzz', runSchema, { word: wordSchema });

function publish(what, version, title, source, definitions) {
  const name = `${what}-${version}.schema.json`;
  const file = new URL(`../schemas/${name}`, import.meta.url);
  const { $schema, ...rest } = toJsonSchema(source, { target: 'draft-2020-12', definitions });
  const schema = { $schema, $id: `softmax-fuzz/schemas/${name}`, title, ...rest };
  if (!process.argv.includes('--check')) {
    writeFileSync(file, `${JSON.stringify(schema, null, 2)}\n`);
  } else if (!isDeepStrictEqual(JSON.parse(readFileSync(file, 'utf8')), schema)) {
    process.stderr.write(`schemas/${name} is not what the code reads: npm run schema\n`);
    process.exitCode = 1;
  }
}
