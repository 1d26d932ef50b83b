/** How much a test does: little in `npm test`, which is run all the time, and more in `npm run test:laws`. */

/** `short`, or `long` in `npm run test:laws`. */
export function byEffort<T>(short: T, long: T): T {
  return process.env['EFFORT'] === 'long' ? long : short;
}
