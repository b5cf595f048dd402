/** What `npm test -- ARGS` asks for. */

/**
 * Names of checks come first; what follows `unit` are filters and options for vitest.
 * @param {readonly string[]} args
 * @param {readonly import('./checks.mjs').Check[]} all
 * @returns {{ checks: import('./checks.mjs').Check[], unit: boolean, filters: string[] }}
 * @throws {RangeError} where there is no such check
 */
export function chooseChecks(args, all) {
  if (args.length === 0) return { checks: [...all], unit: true, filters: [] }
  const end = args.indexOf('unit')
  const names = new Set(end < 0 ? args : args.slice(0, end))
  const known = new Set(all.map((check) => check.name))
  for (const name of names) {
    if (known.has(name)) continue
    throw new RangeError(`There is no check "${name}". There are: ${[...known, 'unit'].join(', ')}.`)
  }
  return { checks: all.filter((check) => names.has(check.name)), unit: end >= 0, filters: end < 0 ? [] : args.slice(end + 1) }
}
