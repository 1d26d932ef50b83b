/** Answers that are waited for only as long as there is time. */

/** What `value` comes to, or null once the signal is aborted. What is then still under way goes on, and nobody hears of it. */
export function unlessAborted<T>(
  value: T | Promise<T>,
  signal: AbortSignal | undefined,
): T | null | Promise<T | null> {
  if (signal === undefined || !(value instanceof Promise)) return value;
  return new Promise((resolve, reject) => {
    const give = (): void => resolve(null);
    if (signal.aborted) give();
    else signal.addEventListener('abort', give, { once: true });
    value.finally(() => signal.removeEventListener('abort', give)).then(resolve, reject);
  });
}

/** A timer waits no longer than this, some 24 days; then nothing is aborted. */
const LONGEST_MS = 2 ** 31 - 1;

/** Aborted so many ms after now, or so many ms after `signal`. Waiting for it keeps no process alive. */
export function abortAfter(ms: number, signal: AbortSignal | undefined, afterSignalMs: number): AbortSignal {
  const controller = new AbortController();
  const abort = (): void => controller.abort();
  const abortIn = (delay: number): void => {
    if (delay <= LONGEST_MS) setTimeout(abort, Math.max(0, delay)).unref();
  };
  const onSignal = (): void => (afterSignalMs === 0 ? abort() : abortIn(afterSignalMs));
  if (ms <= 0) abort();
  else abortIn(ms);
  if (signal?.aborted) onSignal();
  else signal?.addEventListener('abort', onSignal, { once: true });
  return controller.signal;
}
