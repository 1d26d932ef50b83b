/** Reads HTML as strictly as XML would: enough to say that a page is well-formed, and what its links and ids are. */

const voids = new Set(['meta', 'link', 'br', 'hr', 'img', 'input']);

/** An element's start. */
export interface Tag {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
}

/** What a page is made of. */
export interface Parsed {
  readonly tags: readonly Tag[];
  /** Without scripts and styles, tags and entities as they stand. */
  readonly text: string;
}

/**
 * The page's parts.
 * @throws Error at the first thing that is not well-formed.
 */
export function parseHtml(page: string): Parsed {
  const open: string[] = [];
  const tags: Tag[] = [];
  let text = '';
  let at = page.startsWith('<!doctype html>') ? '<!doctype html>'.length : 0;
  while (at < page.length) {
    const next = page.indexOf('<', at);
    const between = page.slice(at, next === -1 ? undefined : next);
    if (/&(?!(amp|lt|gt|quot|#39);)/.test(between)) throw new Error(`a bare & in ${between}`);
    text += between;
    if (next === -1) break;
    const match = /^<(\/?)([a-z][a-z0-9]*)((?:\s+[a-zA-Z-]+(?:="[^"<]*")?)*)\s*(\/?)>/.exec(page.slice(next));
    if (match === null) throw new Error(`no tag: ${page.slice(next, next + 80)}`);
    const [whole, slash, name, attributes, closed] = match;
    at = next + whole.length;
    if (slash === '/') {
      const last = open.pop();
      if (last !== name) throw new Error(`</${name}> where </${last}> is open`);
      continue;
    }
    const pairs = [...attributes.matchAll(/([a-zA-Z-]+)(?:="([^"]*)")?/g)].map(
      ([, key, value = '']) => [key, value] as const,
    );
    const found = new Map(pairs);
    if (found.size < pairs.length) throw new Error(`an attribute twice: ${whole}`);
    tags.push({ name, attributes: found });
    if (name === 'style' || name === 'script') {
      const end = page.indexOf(`</${name}>`, at);
      if (end === -1) throw new Error(`<${name}> has no end`);
      at = end + name.length + 3;
    } else if (closed === '' && !voids.has(name)) open.push(name);
  }
  if (open.length > 0) throw new Error(`not closed: ${open.join(', ')}`);
  return { tags, text };
}
