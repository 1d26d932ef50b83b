/** Targets that are ES modules or packages, loaded into this process. */
import { basename } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Aftermath, createAftermath } from '../core/aftermath.ts';
import type { Kernel } from '../core/kernel.ts';
import { layoutsOf } from '../core/layout.ts';
import { type Operation, operations } from '../core/operation.ts';
import type { Placement } from '../core/placement.ts';
import type { Declaration, DeclaredOptions, Target } from '../core/target.ts';
import { locating, UserError } from '../text/errors.ts';
import { quotedPath } from '../text/shell.ts';
import { contractReading } from './argument-orders.ts';
import { kindOfEnd } from './call-failure.ts';
import { createTarget, declarationOfTaken } from './create.ts';
import { parseDeclaration } from './declaration.ts';
import { describeThrown } from './describe.ts';
import { existingFile, splitName } from './file.ts';
import { type Guard, guarded } from './guard.ts';
import { conventionalNames, describeUnjudged, operationOfName } from './names.ts';
import { PACKAGE_PREFIX, packageUrl } from './package.ts';
import { callOf, type Probed, probe } from './probe.ts';
import { adaptFunction, type ForeignFunction, parseSignature, type Role } from './signature.ts';
import { describeMisnamed, describeRounded, describeUndeclared, describeUnoffered } from './undeclared.ts';
import { partsOfBoth, WITH_GRAD } from './with-grad.ts';

const expected = `Export at least one of ${operations.join(', ')}, or name one function: ./file.mjs#name.`;

/** How functions are called, by their operations: what an earlier load has found; of another one, as the contract has it. */
export type Readings = Readonly<Partial<Record<Operation, readonly Role[]>>>;

/** A target of a module. */
export interface ModuleTarget extends Target {
  readonly readings: Readings;
}

/** What is known of a module before it is loaded. */
export interface Loading {
  /** What an earlier load has found out about how its functions are called. */
  readonly readings?: Readings | undefined;
  /** With another number than before it is another load of the module, but not of those that it imports. */
  readonly anew?: number | undefined;
  /** What is declared of it in place of what it declares itself. */
  readonly declared?: Declaration | undefined;
  /** What keeps it from changing the process that it is loaded into. */
  readonly guard?: Guard | undefined;
}

/**
 * The kernel that `./module.mjs` or `npm:package` exports, or its single export in `./module.mjs#export`: a function of the
 * operation that its name suggests, or an object of operations. The export may have a signature behind it,
 * `#softmax(row)`; otherwise each function is probed, unless `readings` say what came of it.
 * @throws UserError when there is no such file, it does not load, it exports nothing that can be judged, or a function is
 * plainly of another kind than the contract's.
 */
export async function moduleTarget(
  specifier: string,
  { readings, anew, declared, guard }: Loading = {},
): Promise<ModuleTarget> {
  const { path, name: exportName } = splitName(specifier);
  const file = await urlOf(specifier, path);
  const url = anew === undefined ? file : `${file}?softmax-fuzz=${anew}`; // Node keeps a module by its URL.
  let exports: Exports;
  try {
    exports = await import(url);
  } catch (error) {
    guard?.takeBack();
    throw new UserError(`target ${specifier} does not load: ${describeThrown(error)}`, loadHint(error, path));
  }
  guard?.takeBack();
  const declaration = locating(`target ${specifier}`, () => ({
    ...parseDeclaration(exports['target']),
    ...declared,
  }));
  const found = offerOf(exports, exportName, specifier, declaration);
  const offer = guardedOffer(guard, found);
  if (offer.functions.length === 0) {
    const names = describeNames(exportName ?? 'the module', found.owner);
    throw new UserError(`target ${specifier} has nothing to judge: ${names}`, expected);
  }
  const judged: Judged[] = [];
  for (const each of offer.functions)
    judged.push({ ...each, ...(await shapeOf(each, offer.owner, declaration, specifier, readings)) });
  const notes = judged.flatMap(({ note }) => note ?? []);
  notes.push(...describeChanged(guard?.changed() ?? []));
  if (exportName === null) {
    const names = Object.keys(exports).filter((name) => typeof exports[name] === 'function');
    const judgedNames = [...judged.map(({ name }) => name), ...(isOfBoth(exports, found) ? [WITH_GRAD] : [])];
    notes.push(...describeUnjudged(names, judgedNames, (name) => `'${specifier}#${name}'`));
  }
  const aftermath = createAftermath();
  return locating(`target ${specifier}`, () => {
    const target = createTarget(
      moduleName(path, exportName, judged),
      kernelOf(offer.owner, judged, aftermath),
      declaration,
      specifier,
      aftermath,
    );
    return {
      ...target,
      ...(declaresCalls(declaration) !== undefined || isContracts(offer.owner, judged)
        ? {}
        : { inViews: (placement) => adapted(offer.owner, judged, aftermath, placement) }),
      notes: [
        ...notes,
        ...describeMisnamed(exports),
        ...(exportName === null
          ? describeUnoffered(
              declaration,
              judged.map(({ operation }) => operation),
            )
          : []),
        ...describeRounded(declaration),
        ...describeUndeclared(
          judged
            .filter(({ reading }) => reading === null)
            .map(({ name, operation }) => ({ operation, call: ownFunction(exports, exportName, name) })),
          (operation) => optionsOf(target, operation),
        ),
      ],
      readings: Object.fromEntries(
        judged.flatMap(({ operation, reading }) => (reading ? [[operation, reading]] : [])),
      ),
    };
  });
}

/** What to do about a module that does not load. Node takes a `.js` for CommonJS where its package.json does not say otherwise. */
function loadHint(error: unknown, path: string): string | undefined {
  if (kindOfEnd('threw', describeThrown(error)) === 'out-of-memory')
    return 'One that needs more memory is given it: --memory 8g.';
  if (!(error instanceof SyntaxError)) return undefined;
  if (
    /\.js$/.test(path) &&
    /'export'|import statement|'import\.meta'|await is only valid/.test(error.message)
  )
    return `Node takes it for CommonJS: name it ${basename(path, '.js')}.mjs, or write "type": "module" into its package.json.`;
  return `\`node --check ${quotedPath(path)}\` may show where.`;
}

/** So many names of what a module changes are told. */
const MOST_CHANGED = 4;

/** What to tell of what a module has changed of the language, while it was loaded or called for the first time. */
function describeChanged(names: readonly string[]): string[] {
  if (names.length === 0) return [];
  const others = names.length > MOST_CHANGED ? ` and ${names.length - MOST_CHANGED} more` : '';
  const told = `${names.slice(0, MOST_CHANGED).join(', ')}${others}`;
  return [`it changes ${told}: that holds while it is called, and not for the process that calls it`];
}

/** The offer with its functions called by way of the guard. */
function guardedOffer(guard: Guard | undefined, { owner, functions }: Offer): Offer {
  return { owner: guarded(guard, owner, [...operations, ...functions.map(({ name }) => name)]), functions };
}

/** The module's own function, whose source can be read: not what calls it by way of the guard, nor what takes its answer apart. */
function ownFunction(exports: Exports, exportName: string | null, name: string): ForeignFunction {
  const value = exportName === null ? undefined : exports[exportName];
  const owner = typeof value === 'object' && value !== null ? (value as Exports) : exports;
  return (owner[name] ?? owner[WITH_GRAD]) as ForeignFunction;
}

/** The options that are asked of an operation; none, but an argument for them, where it has layouts alone. */
function optionsOf({ options, layouts }: Target, operation: Operation): DeclaredOptions | undefined {
  const declared = options && declarationOfTaken(options)[operation];
  return declared ?? (layoutsOf(layouts, operation).some((each) => each !== 'rows') ? {} : undefined);
}

type Exports = Readonly<Record<string, unknown>>;

/** A function that is to be judged. */
interface Offered {
  readonly name: string;
  readonly operation: Operation;
  /** What the specifier says that it takes. */
  readonly told?: readonly Role[];
}

type Judged = Offered & Probed;

/** What is to be judged, and of what. */
interface Offer {
  readonly owner: Exports;
  readonly functions: readonly Offered[];
}

/** What a module offers, or one export of it. A function of a loss and its gradient is both, where it is named or they are not there by themselves. */
function offerOf(exports: Exports, name: string | null, specifier: string, declaration: Declaration): Offer {
  const inPlace = declaration.inPlace === true;
  if (name === WITH_GRAD) return ofOwner(withParts({ [WITH_GRAD]: exports[WITH_GRAD] }, inPlace));
  if (name === null) return ofOwner(withParts(exports, inPlace));
  const { owner, functions } = named(exports, name, specifier);
  return owner === exports ? { owner, functions } : ofOwner(withParts(owner, inPlace));
}

function ofOwner(owner: Exports): Offer {
  return { owner, functions: offered(owner) };
}

/** The functions with the parts of one that answers a loss and its gradient, where neither is there. */
function withParts(owner: Exports, inPlace: boolean): Exports {
  const both = owner[WITH_GRAD];
  if (typeof both !== 'function') return owner;
  if (typeof owner['crossEntropy'] === 'function' || typeof owner['crossEntropyGrad'] === 'function')
    return owner;
  return { ...owner, ...partsOfBoth(both as never, owner, inPlace) };
}

/** The functions of `owner` with a conventional name, one of each operation. */
function offered(owner: Exports): Offered[] {
  return operations.flatMap((operation) => {
    const names = [operation, ...conventionalNames(operation)];
    const name = names.find((each) => typeof owner[each] === 'function');
    return name === undefined ? [] : [{ name, operation }];
  });
}

/** The one export that a specifier names. */
function named(exports: Exports, called: string, specifier: string): Offer {
  const [, name, list] = /^([^()]*)(\(.*)?$/s.exec(called) as RegExpExecArray;
  const value = exports[name];
  if (typeof value === 'function') {
    const operation = operationOfName(name);
    if (operation === null)
      throw new UserError(
        `target ${specifier}: ${name} is a gradient of logsumexp by its name, and none is judged`,
        `The operations are: ${operations.join(', ')}.`,
      );
    const told = list === undefined ? undefined : locating(`target ${specifier}`, () => parseSignature(list));
    return { owner: exports, functions: [{ name, operation, ...(told && { told }) }] };
  }
  if (typeof value === 'object' && value !== null && list === undefined)
    return { owner: value as Exports, functions: offered(value as Exports) };
  const names = describeNames('the module', exports);
  throw new UserError(`target ${specifier} has no function '${name}': ${names}`, expected);
}

/** Whether the loss and its gradient are parts of one function's answer. */
function isOfBoth(exports: Exports, { owner }: Offer): boolean {
  return owner !== exports;
}

/** What a module declares of which only the contract says how it is given, if anything. */
function declaresCalls({ format, options }: Declaration): string | undefined {
  return format === undefined ? options && 'options' : 'a format';
}

/** How a function is called: as it is told, or as a probe finds. */
async function shapeOf(
  { name, operation, told }: Offered,
  owner: Exports,
  sizes: Declaration,
  specifier: string,
  readings: Readings | undefined,
): Promise<Probed> {
  const declared = declaresCalls(sizes);
  if (told !== undefined && declared !== undefined)
    throw new UserError(
      `target ${specifier}: it declares ${declared}, and its arguments are told`,
      'Kernels of other formats than FP32, or with options, are called as the contract has it: leave out the signature.',
    );
  if (declared !== undefined) return { reading: null, note: null };
  if (told !== undefined) return { reading: told, note: null };
  if (readings !== undefined) return { reading: readings[operation] ?? null, note: null };
  try {
    return await probe(boundTo(owner, name), name, operation, sizes);
  } catch (error) {
    if (error instanceof UserError) throw new UserError(`target ${specifier}: ${error.message}`, error.hint);
    throw error;
  }
}

/** Whether the functions of `owner` are the contract's, all of those that are called as it calls them. */
function isContracts(owner: Exports, judged: readonly Judged[]): boolean {
  return (
    judged.every(({ name, operation, reading }) => reading === null && name === operation) &&
    judged.length === operations.filter((each) => typeof owner[each] === 'function').length
  );
}

/** The functions as a kernel: `owner` itself where they are the contract's, so that they see it as `this`. */
function kernelOf(owner: Exports, judged: readonly Judged[], aftermath: Aftermath): Kernel {
  if (isContracts(owner, judged)) return owner;
  return Object.assign(
    {},
    ...judged.map(({ name, operation, reading }) => {
      const implementation = boundTo(owner, name);
      return reading === null
        ? { [operation]: implementation }
        : adaptFunction(implementation, operation, reading, null, aftermath);
    }),
  );
}

/** The functions as a kernel that hands them arrays which lie as `placement` says. */
function adapted(
  owner: Exports,
  judged: readonly Judged[],
  aftermath: Aftermath,
  placement: Placement,
): Kernel {
  return Object.assign(
    {},
    ...judged.map(({ name, operation, reading }) =>
      adaptFunction(
        boundTo(owner, name),
        operation,
        reading ?? contractReading(operation),
        placement,
        aftermath,
      ),
    ),
  );
}

function boundTo(owner: Exports, name: string): ForeignFunction {
  return (owner[name] as ForeignFunction).bind(owner);
}

/** How a module is called that does not name itself: by its file and the export, with what a single function takes. */
function moduleName(path: string, exportName: string | null, judged: readonly Judged[]): string {
  const base = path.startsWith(PACKAGE_PREFIX) ? path : basename(path).replace(/\.[^.]+$/, '');
  const [{ name, reading, told }] = judged;
  if (judged.length > 1 || reading === null || told !== undefined)
    return exportName === null ? base : `${base}#${exportName}`;
  return `${base}#${callOf(exportName ?? name, reading)}`;
}

/**
 * Where the module is.
 * @throws UserError when there is no such file or package.
 */
async function urlOf(specifier: string, path: string): Promise<string> {
  if (path.startsWith(PACKAGE_PREFIX))
    return packageUrl(`target ${specifier}`, path.slice(PACKAGE_PREFIX.length));
  return pathToFileURL(existingFile(`target ${specifier}`, path)).href;
}

function describeNames(owner: string, exports: object): string {
  const names = Object.entries(exports).map(([name, value]) =>
    operationOfName(name) !== null && typeof value !== 'function' ? `${name}, which is no function` : name,
  );
  return `${owner} exports ${names.join(', ') || 'nothing'}`;
}
