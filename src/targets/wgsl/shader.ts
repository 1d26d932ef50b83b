/** What a WGSL file offers, by its text. */
import { type Operation, operations } from '../../core/operation.ts';

/** The names of the entry points of compute shaders in `source`, in their order. */
export function entryPoints(source: string): string[] {
  const code = withoutComments(source);
  const names = code.matchAll(/@compute\b[^{};]*?\bfn\s+(\w+)/g);
  return Array.from(names, ([, name]) => name);
}

/** The operations that entry points are called after. */
export function operationsOfShader(source: string): Operation[] {
  const names = entryPoints(source);
  return operations.filter((operation) => names.includes(operation));
}

/** The source with a space for each comment; those of slashes and stars nest. */
function withoutComments(source: string): string {
  let code = source.replace(/\/\/.*$/gm, ' ');
  for (let before = ''; before !== code; ) {
    before = code;
    code = code.replace(/\/\*(?:(?!\/\*|\*\/)[\s\S])*\*\//g, ' ');
  }
  return code;
}
