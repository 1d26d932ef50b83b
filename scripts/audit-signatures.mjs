/**
 * `npm run audit:signatures`: whether what npm has installed is what its authors have signed, by `npm audit signatures`. That asks the registry for its keys and sigstore for the roots of trust:
 * where a network has neither, nothing is checked, which is said; it fails only with --require, as CI should have it where it can.
 *
 *     node scripts/audit-signatures.mjs [--require]
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

const { values } = parseArgs({ options: { require: { type: 'boolean', default: false } } });
const { status, stdout, stderr } = spawnSync('npm', ['audit', 'signatures', '--fetch-retries=0'], {
  cwd: join(import.meta.dirname, '..'),
  encoding: 'utf8',
});
/** What npm says where it could not ask: no such host, no way there, no keys of this registry. */
const unreachable =
  /npm error code (?:E(?:NOTFOUND|AI_AGAIN|CONNREFUSED|CONNRESET|TIMEDOUT|HOSTUNREACH|NETUNREACH)|UND_ERR\w*)\b|No dependencies found that were installed from a supported registry/;
const [why] = unreachable.exec(stderr) ?? [];
process.stdout.write(stdout);
if (status === 0) console.log('signatures: checked');
else if (why !== undefined && !values.require) console.log(`signatures: NOT CHECKED, ${why}`);
else {
  process.stderr.write(stderr);
  process.exitCode = 1;
}
