/** Targets in this process that can be loaded anew, as if they had not been called. */
import { createHistory } from '../core/call.ts';
import { type Kernel, operationsOf } from '../core/kernel.ts';
import type { Target } from '../core/target.ts';

/** The target, whose calls go to another load of it once it has been renewed. */
export function reloadable(first: Target, load: () => Promise<Target>): Target {
  let current = first;
  const history = createHistory();
  const kernel: Kernel = Object.fromEntries(
    operationsOf(first.kernel).map((operation) => [
      operation,
      (...given: readonly unknown[]) =>
        (current.kernel as Record<string, (...given: readonly unknown[]) => unknown>)[operation](...given),
    ]),
  );
  const { inViews } = first;
  return {
    ...first,
    kernel,
    ...(inViews && {
      inViews: (placement) => (current.inViews ?? inViews)(placement),
    }),
    history,
    async renew() {
      current = await load();
      history.forget();
    },
  };
}
