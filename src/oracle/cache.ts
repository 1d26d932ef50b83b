/** What is dear to keep and dear to make again, up to a total size: exact rows take some 500 bytes a logit, and a batch may have millions. */

/** Something that can let go of what it holds. */
export interface Cached {
  readonly forget: () => void;
}

/** Notes that `item` is about to hold `size`. */
export type Cache = (item: Cached, size: number) => void;

/** A cache for `capacity` in all, and one item at least: the first that came are the first to forget. */
export function createCache(capacity = 200_000): Cache {
  const kept: { readonly item: Cached; readonly size: number }[] = [];
  let held = 0;
  return (item, size) => {
    kept.push({ item, size });
    held += size;
    while (held > capacity && kept.length > 1) {
      const [oldest] = kept.splice(0, 1);
      oldest.item.forget();
      held -= oldest.size;
    }
  };
}
