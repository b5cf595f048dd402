/** Files that the system hands to the app: on its command line, to a second instance, dropped on its icon. */
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { z } from 'zod'

/**
 * Paths on a command line.
 * @param words without the program's own; options and what is not there are passed over
 */
export function pathsIn(words: readonly string[], folder: string, exists: (path: string) => boolean = existsSync): string[] {
  return words
    .filter((word) => word !== '' && !word.startsWith('-'))
    .map((word) => resolve(folder, word))
    .filter(exists)
}

/** What a second instance hands to the first. */
const handed = z.object({ paths: z.array(z.string().min(1).max(4096)).max(10_000) })

/** Paths that a second instance was started with; none where it says something else. */
export function handedPaths(data: unknown): string[] {
  const checked = handed.safeParse(data)
  return checked.success ? checked.data.paths : []
}
