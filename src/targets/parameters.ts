/** What the source of a JavaScript function says of its parameters. */
import {
  type AnyNode,
  type ArrowFunctionExpression,
  type Expression,
  type FunctionExpression,
  type Options,
  type Pattern,
  parseExpressionAt,
} from 'acorn';
import { full } from 'acorn-walk';

type FunctionNode = ArrowFunctionExpression | FunctionExpression;

/** What stands behind some of the parameters. */
export interface Behind {
  /** The names of parameters that are not taken apart. */
  readonly names: readonly string[];
  /** The fields that are taken of the first of them. */
  readonly fields: readonly string[];
  /** Whether it can have no others. */
  readonly isWhole: boolean;
}

/** What stands behind the first `count` parameters of a function; null where its source cannot be read, as that of a native one. */
export function parametersBehind(call: (...given: never[]) => unknown, count: number): Behind | null {
  const parsed = functionOf(Function.prototype.toString.call(call));
  if (parsed === null) return null;
  const { params, body } = parsed;
  const isOpen =
    params.some(({ type }) => type === 'RestElement') ||
    nodesIn(body).some((node) => node.type === 'Identifier' && node.name === 'arguments');
  const [first, ...others] = params.slice(count).map(withoutDefault);
  const names = others.flatMap(nameOf);
  if (first === undefined || first.type === 'RestElement') return { names: [], fields: [], isWhole: !isOpen };
  if (first.type === 'ObjectPattern') {
    const fields = keysOf(first);
    return { names, fields, isWhole: !isOpen && fields.length === first.properties.length };
  }
  const [name] = nameOf(first);
  if (name === undefined) return { names, fields: [], isWhole: false };
  return { names: [name, ...names], fields: fieldsOf(name, body), isWhole: false };
}

/** A function is read without the class whose private fields it may use. */
const asModule: Options = { ecmaVersion: 'latest', sourceType: 'module', checkPrivateFields: false };

/** The function of this source: an expression, or a method, which is one in an object. */
function functionOf(source: string): FunctionNode | null {
  const parsed = expressionOf(`(${source}\n)`) ?? expressionOf(`({${source}\n})`);
  if (parsed === null || isFunction(parsed)) return parsed;
  const [method] = parsed.type === 'ObjectExpression' ? parsed.properties : [];
  return method?.type === 'Property' && isFunction(method.value) ? method.value : null;
}

/** Null where the source is none. */
function expressionOf(source: string): Expression | null {
  try {
    return parseExpressionAt(source, 0, asModule);
  } catch {
    return null;
  }
}

function isFunction(node: AnyNode): node is FunctionNode {
  return node.type === 'FunctionExpression' || node.type === 'ArrowFunctionExpression';
}

/** All nodes of a tree, itself the last. */
function nodesIn(tree: AnyNode): AnyNode[] {
  const nodes: AnyNode[] = [];
  full(tree, (node) => nodes.push(node as AnyNode));
  return nodes;
}

function withoutDefault(pattern: Pattern): Pattern {
  return pattern.type === 'AssignmentPattern' ? pattern.left : pattern;
}

function nameOf(pattern: Pattern): string[] {
  return pattern.type === 'Identifier' ? [pattern.name] : [];
}

/** `scale` and `mask` of `{ scale: s = 1, 'mask': m, [other]: o, ...rest }`. */
function keysOf(pattern: Pattern): string[] {
  if (pattern.type !== 'ObjectPattern') return [];
  return pattern.properties.flatMap((each) =>
    each.type === 'Property' && !each.computed ? textOf(each.key) : [],
  );
}

function textOf(key: Expression | { readonly type: 'PrivateIdentifier' }): string[] {
  if (key.type === 'Identifier') return [key.name];
  return key.type === 'Literal' && typeof key.value === 'string' ? [key.value] : [];
}

/** The fields that are read of the variable: `options.scale`, `options?.['scale']`, `(options ?? {}).scale`, `{ scale } = options`. */
function fieldsOf(variable: string, body: AnyNode): string[] {
  const isOf = (value: AnyNode | null | undefined): boolean =>
    value?.type === 'LogicalExpression'
      ? isOf(value.left)
      : value?.type === 'Identifier' && value.name === variable;
  return nodesIn(body).flatMap((node) => {
    if (node.type === 'MemberExpression' && isOf(node.object))
      return node.computed && node.property.type === 'Identifier' ? [] : textOf(node.property);
    if (node.type === 'VariableDeclarator' && isOf(node.init)) return keysOf(node.id);
    if (node.type === 'AssignmentExpression' && isOf(node.right)) return keysOf(node.left as Pattern);
    return [];
  });
}
