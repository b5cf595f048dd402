/** What `npm test -- ARGS` asks for. */

/** Suites run by programs of their own, after the checks. */
export const SUITES = /** @type {const} */ (['unit', 'e2e'])

/** @typedef {typeof SUITES[number]} Suite */

/**
 * Names of checks come first; a suite's name comes last, and what follows it are filters and options for its program.
 * @param {readonly string[]} args
 * @param {readonly import('./checks.mjs').Check[]} all
 * @returns {{ checks: import('./checks.mjs').Check[], suites: Suite[], filters: string[] }}
 * @throws {RangeError} where there is no such check
 */
export function chooseChecks(args, all) {
  if (args.length === 0) return { checks: [...all], suites: [...SUITES], filters: [] }
  const at = args.findIndex((arg) => SUITES.some((suite) => suite === arg))
  const names = new Set(at < 0 ? args : args.slice(0, at))
  const known = new Set(all.map((check) => check.name))
  for (const name of names) {
    if (known.has(name)) continue
    throw new RangeError(`There is no check "${name}". There are: ${[...known, ...SUITES].join(', ')}.`)
  }
  const suites = SUITES.filter((suite) => suite === args[at])
  return { checks: all.filter((check) => names.has(check.name)), suites, filters: at < 0 ? [] : args.slice(at + 1) }
}
