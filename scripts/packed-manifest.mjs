/**
 * The package.json that is packed: without scripts. They are for the checkout, whose `prepare` builds it, also where npm installs from git; in a package that
 * has been built they would be scripts that run on the machine of whoever installs it, or look as if they did.
 *
 *     node scripts/packed-manifest.mjs write      before packing: keeps the checkout's beside it
 *     node scripts/packed-manifest.mjs restore    after packing, or after a packing that was ended
 */
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const manifest = join(import.meta.dirname, '../package.json');
const kept = join(import.meta.dirname, '../.package.json.kept');
const [action] = process.argv.slice(2);

if (existsSync(kept)) renameSync(kept, manifest);
if (action === 'write') {
  const text = readFileSync(manifest, 'utf8');
  const { scripts: _, ...rest } = JSON.parse(text);
  writeFileSync(kept, text);
  writeFileSync(`${kept}.new`, `${JSON.stringify(rest, null, 2)}\n`);
  renameSync(`${kept}.new`, manifest);
} else if (action !== 'restore') {
  process.stderr.write('packed-manifest: expected write or restore\n');
  process.exitCode = 2;
}
