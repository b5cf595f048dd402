/** Names of classes, and the labels they become. */
import type { Help } from '../../shared/help.ts'
import { badInput } from './bad-input.ts'
import { plural } from '../../shared/wording.ts'

/** Labels are bytes. */
const maxClasses = 256

/** Names in order: by value where all are whole numbers, else by their characters. */
export function sortNames(names: Iterable<string>): string[] {
  const all = [...names]
  if (all.every((name) => /^-?\d{1,15}$/.test(name))) return all.sort((a, b) => Number(a) - Number(b) || (a < b ? -1 : 1))
  return all.sort((a, b) => (a < b ? -1 : a > b ? 1 : 0))
}

/**
 * @param where the names stand, for the error
 * @throws LabError `bad-input` when they are too few or too many
 */
export function checkClasses(names: readonly string[], where: string, remedy: string, help?: Help): void {
  if (names.length < 2)
    throw badInput(
      where,
      names.length === 0 ? 'there is no class.' : `there is only one class (${names[0]}); a classifier needs at least two.`,
      remedy,
      help,
    )
  if (names.length > maxClasses)
    throw badInput(
      where,
      `there are ${plural(names.length, 'class', 'classes')} (${names.slice(0, 3).join(', ')}, ...); at most ${maxClasses} are kept.`,
      remedy,
      help,
    )
}
