/** Time that only goes on: the system's clock may be set while a campaign runs. */

/** Now, in ms since some moment that is the same for every process of this machine. */
export function monotonicMs(): number {
  const [seconds, nanoseconds] = process.hrtime();
  return seconds * 1e3 + nanoseconds / 1e6;
}
