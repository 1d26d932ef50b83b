/**
 * Runs softmax-fuzz on other people's runtimes and compares the buckets that it finds with expected.json.
 *
 *     npm run test:integrations -- --require onnxruntime-node --only onnxruntime-node,tfjs
 *
 * Those of npm are installed here, as package-lock.json pins them; those of Python are run where a python3 has them. What
 * is not there is skipped, and said; `--require NAME` (or a list, or `npm` for all of npm that needs no GPU) makes a skip a
 * failure. Without a GPU, Debian's chromium-common and libvulkan1 are one.
 *
 * Of pytest, the Python package is installed and its tests are run: `passed` and `failed` are what becomes of them.
 *
 * In expected.json, `buckets` are those that the campaign finds, `perhaps` those that it may: they depend on a version or a
 * machine's vectors. `null` says that nobody has recorded any: the run is shown, and counts as skipped.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

const RUNS = 2000;
const SEED = 1;
const here = import.meta.dirname;
const command = join(here, '../dist/cli/main.js');
const swiftShader = '/usr/lib/chromium/vk_swiftshader_icd.json';
const environment = existsSync(swiftShader) ? { VK_ICD_FILENAMES: swiftShader, ...process.env } : process.env;
const expected = JSON.parse(readFileSync(join(here, 'expected.json'), 'utf8'));

const { require: required, only } = options();
const chosen = expected.filter(({ name }) => only.length === 0 || only.includes(name));
const notInstalled = chosen.some(isOfNpm) ? install() : null;
const reports = mkdtempSync(join(tmpdir(), 'softmax-fuzz-integrations-'));
const counts = { passed: 0, failed: 0, skipped: 0 };
try {
  for (const runtime of chosen) {
    const start = performance.now();
    const { outcome, detail, version } = tryOut(runtime);
    const isMissed =
      outcome === 'skipped' &&
      (required.includes(runtime.name) || (required.includes('npm') && isBroughtByNpm(runtime)));
    counts[isMissed ? 'failed' : outcome]++;
    const word = isMissed ? 'FAIL' : { passed: 'PASS', failed: 'FAIL', skipped: 'SKIP' }[outcome];
    const seconds = ((performance.now() - start) / 1000).toFixed(1);
    console.log(
      `${word}  ${[runtime.name, version].filter(Boolean).join(' ')}: ${detail}${isMissed ? ', and it is required' : ''}  (${seconds} s)`,
    );
  }
} finally {
  rmSync(reports, { recursive: true });
}
console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
process.exitCode = counts.failed === 0 ? 0 : 1;

/** What the command line says, its names checked. */
function options() {
  const list = { type: 'string', multiple: true, default: [] };
  const { values } = parseArgs({ options: { require: list, only: list } });
  const lists = Object.fromEntries(
    Object.entries(values).map(([option, texts]) => [option, texts.flatMap((text) => text.split(','))]),
  );
  const names = expected.map(({ name }) => name);
  const unknown = [...lists.only, ...lists.require.filter((name) => name !== 'npm')].find(
    (name) => !names.includes(name),
  );
  if (unknown !== undefined) {
    console.error(`there is no runtime '${unknown}'; they are ${names.join(', ')}`);
    process.exit(2);
  }
  return lists;
}

/** Whether npm alone brings it. */
function isBroughtByNpm(runtime) {
  return isOfNpm(runtime) && runtime.driver === undefined;
}

function isOfNpm(runtime) {
  return runtime.package !== undefined;
}

/** Installs what package-lock.json pins; null, or why that failed. No script of a package needs to run: some would download. */
function install() {
  const env = { ...process.env, ONNXRUNTIME_NODE_INSTALL: 'skip' };
  const args = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  const { status, stderr, error } = spawnSync('npm', args, { cwd: here, env, encoding: 'utf8' });
  if (status === 0) return null;
  return `npm ci failed: ${error?.message ?? stderr.trim().split('\n')[0]}`;
}

/** Fuzzes one runtime: `passed`, `failed` or `skipped`, with why. */
function tryOut(runtime) {
  if (runtime.tests !== undefined) return tryOutTests(runtime);
  const { target, options = [], buckets, perhaps = [] } = runtime;
  const { version, python, missing } = isOfNpm(runtime) ? ofNpm(runtime) : ofPython(runtime);
  if (missing !== undefined) return { outcome: 'skipped', detail: missing };
  const args = ['fuzz', target.replace('{python}', python), '--seed', SEED, '--runs', RUNS, ...options];
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [command, ...args, '--quiet', '--json', '-', '--reports', reports],
    { cwd: here, encoding: 'utf8', maxBuffer: 2 ** 28, env: environment },
  );
  const [said] = stderr.trim().split('\n');
  if (status === 2 && runtime.driver !== undefined && said.includes('there is no GPU'))
    return { outcome: 'skipped', version, detail: said };
  if (status !== 0 && status !== 1) return { outcome: 'failed', version, detail: `exit ${status}: ${said}` };
  const { cases, findings } = JSON.parse(stdout).targets[0];
  const found = findings.map(({ bucket }) => bucket);
  if (buckets === null)
    return {
      outcome: 'skipped',
      version,
      detail: `it runs, but nobody has recorded what to expect; found ${found.join(', ') || 'nothing'}`,
    };
  const wrong = [
    ['not expected', found.filter((bucket) => ![...buckets, ...perhaps].includes(bucket))],
    ['not found', buckets.filter((bucket) => !found.includes(bucket))],
  ].filter(([, list]) => list.length > 0);
  if (wrong.length > 0)
    return {
      outcome: 'failed',
      version,
      detail: wrong.map(([what, list]) => `${what}: ${list.join(', ')}`).join('; '),
    };
  return { outcome: 'passed', version, detail: `${found.length} buckets as expected, ${cases} batches` };
}

function ofNpm(runtime) {
  if (notInstalled !== null) return { missing: notInstalled };
  const file = join(here, 'node_modules', runtime.package, 'package.json');
  return { version: JSON.parse(readFileSync(file, 'utf8')).version };
}

/** Installs the Python package with pip, runs tests that use it by pytest, and compares which of them pass. */
function tryOutTests({ tests, module, needs, options, passed, failed }) {
  const { version, python, missing } = ofPython({ module, needs });
  if (missing !== undefined) return { outcome: 'skipped', detail: missing };
  const folder = join(reports, tests);
  const site = join(folder, 'site');
  cpSync(join(here, tests), folder, { recursive: true });
  cpSync(join(here, '../adapters/python'), join(folder, 'package'), { recursive: true }); // Setuptools leaves files where it builds.
  const run = (...args) =>
    spawnSync(python, ['-m', ...args], {
      cwd: folder,
      encoding: 'utf8',
      env: { ...environment, PYTHONPATH: site, SOFTMAX_FUZZ: `'${process.execPath}' '${command}'` },
    });
  const pip = ['pip', 'install', '--quiet', '--no-deps', '--target', site, './package'];
  const installed = run(...pip);
  // Without a network, setuptools has to be there already.
  if (installed.status !== 0 && run(...pip, '--no-build-isolation').status !== 0)
    return {
      outcome: 'failed',
      version,
      detail: `pip does not install the package: ${installed.stderr.trim().split('\n').at(-1)}`,
    };
  const { status, stdout, stderr } = run(
    'pytest',
    '-q',
    '-rA',
    '--tb=no',
    '-p',
    'no:cacheprovider',
    ...options,
  );
  const found = [...stdout.matchAll(/^(PASSED|FAILED|ERROR|SKIPPED) (\S+)/gm)].map(
    ([, word, test]) => `${word} ${test}`,
  );
  const expected = [...passed.map((test) => `PASSED ${test}`), ...failed.map((test) => `FAILED ${test}`)];
  const wrong = [
    ['not expected', found.filter((each) => !expected.includes(each))],
    ['not seen', expected.filter((each) => !found.includes(each))],
  ].filter(([, list]) => list.length > 0);
  if (wrong.length > 0)
    return {
      outcome: 'failed',
      version,
      detail: `exit ${status}, ${wrong.map(([what, list]) => `${what}: ${list.join(', ')}`).join('; ')}\n${stdout}${stderr}`,
    };
  return {
    outcome: 'passed',
    version,
    detail: `${passed.length} tests pass and ${failed.length} fails, as expected`,
  };
}

/** The first python3 that has the module, and what it needs: the one on the PATH, or the system's. */
function ofPython({ module, needs = [] }) {
  const tried = ['python3', '/usr/bin/python3'];
  for (const python of tried) {
    try {
      const code = `import ${[module, ...needs].join(', ')}; print(${module}.__version__)`;
      const version = execFileSync(python, ['-c', code], {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      });
      return { python, version: version.trim() };
    } catch {
      // It has not, or is not there.
    }
  }
  return { missing: `no python3 here has ${[module, ...needs].join(' and ')} (${tried.join(', ')})` };
}
