/** What pages in Markdown link to, and what of them can be linked to. */

const withoutBlocks = (markdown: string): string => markdown.replace(/^```.*?^```$/gms, '');

/** The targets of links and images, in their order; none of code. */
export function linksIn(markdown: string): string[] {
  const text = withoutBlocks(markdown).replace(/`[^`\n]*`/g, '');
  return [...text.matchAll(/\]\(([^)\s]+)[^)]*\)/g)].map(([, link]) => link);
}

/** The anchors of the headings as GitHub makes them: lower case, without punctuation, spaces as hyphens; `-1` behind the second of a name. */
export function anchorsIn(markdown: string): string[] {
  const counts = new Map<string, number>();
  return [...withoutBlocks(markdown).matchAll(/^#{1,6} (.+)$/gm)].map(([, heading]) => {
    const slug = heading
      .replace(/\]\([^)]*\)/g, '')
      .toLowerCase()
      .replace(/[^\p{L}\p{M}\p{N}\p{Pc}\- ]/gu, '')
      .replaceAll(' ', '-');
    const count = counts.get(slug) ?? 0;
    counts.set(slug, count + 1);
    return count === 0 ? slug : `${slug}-${count}`;
  });
}
