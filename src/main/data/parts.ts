/** What files are for: training, validation or test; and what to ask where nothing says it. */
import type { Doubt, ImportOptions, Part } from '../../shared/import-options.ts'
import type { Split } from '../../shared/split.ts'
import { accepting } from './doubts.ts'
import { archiveEnding, chosenPart, saidOfPath, splitOfFolder, trainingIfAlone } from './split-names.ts'
import { shown, someShown } from './tree/names.ts'

/** Of more names, no question is asked for each. */
const mostAsked = 6

/** What an answer says of a part. */
export const partWords: Readonly<Record<Part, string>> = {
  test: 'for test',
  validation: 'for validation',
  train: 'for training',
  none: 'none of the data set',
}

export interface Parted<F> {
  /** Those of the data set. */
  files: (F & { split: Split })[]
  doubts: Doubt[]
}

/** The name by which a person may say what a file, or a folder (with a slash at its end), is for. */
function nameOf(path: string): string {
  if (path.endsWith('/')) return path.slice(0, -1).slice(path.lastIndexOf('/', path.length - 2) + 1)
  return path
    .slice(path.lastIndexOf('/') + 1)
    .replace(/\.gz$/i, '')
    .replace(/\.[^.]*$/, '')
}

/** How many folders all paths have in common: these say nothing of their parts. */
function commonFolders(files: readonly { path: string }[]): number {
  const [first, ...others] = [...new Set(files.map(({ path }) => path.slice(0, path.lastIndexOf('/') + 1)))].map((path) => path.split('/'))
  let common = 0
  while (first !== undefined && common < first.length - 1 && others.every((folders) => folders[common] === first[common])) common++
  return others.length === 0 ? 0 : common
}

/**
 * @param files each by its path; images by their folder's
 * @param kind what they are called, in the plural
 */
export function partFiles<F extends { path: string }>(
  files: readonly F[],
  options: ImportOptions,
  kind: 'files' | 'tables' | 'folders',
): Parted<F> {
  const common = commonFolders(files)
  const said = files.map((file) => {
    const parts = file.path.split('/').slice(common)
    return { file, part: chosenPart([nameOf(file.path), ...parts.slice(0, -1)], options) ?? saidOfPath(parts.join('/')) }
  })
  const kept = said.flatMap(({ file, part }) => (part === 'none' ? [] : [{ ...file, split: part ?? ('train' as const) }]))
  const silent = new Set(said.filter(({ part }) => part === null).map(({ file }) => nameOf(file.path)))
  const speaking = said.some(({ part }) => part !== null)
  // Numbered pieces of one thing are alike but for their numbers.
  const alike = new Set([...silent].map((name) => name.replace(/\d+/g, '#')))
  const sets =
    kind === 'folders'
      ? null
      : severalSets(
          said.flatMap(({ file, part }) => (part === null || part === 'none' ? [] : [{ path: file.path, part }])),
          common,
        )
  const doubtful = speaking ? silent.size > 0 : kind !== 'folders' && alike.size > 1
  return { files: trainingIfAlone(kept), doubts: [...(doubtful ? [partsDoubt([...silent], kind, speaking)] : []), ...setsDoubt(sets)] }
}

/** Folders with files of the same part each, that are called otherwise but for numbers: they may be data sets of their own. */
function severalSets(files: readonly { path: string; part: Part }[], common: number): { part: Part; folders: string[] } | null {
  const folderOf = (path: string) =>
    path
      .split('/')
      .slice(common, -1)
      .find((folder) => splitOfFolder(folder) === null && !archiveEnding.test(folder))
  for (const [part, own] of Map.groupBy(files, (file) => file.part)) {
    const folders = [...new Set(own.map(({ path }) => folderOf(path)))].filter((folder) => folder !== undefined)
    if (new Set(folders.map((folder) => folder.replace(/\d+/g, '#'))).size > 1) return { part, folders }
  }
  return null
}

function setsDoubt(sets: ReturnType<typeof severalSets>): Doubt[] {
  if (sets === null) return []
  const { part, folders } = sets
  return [
    {
      code: 'parts-unknown',
      message: `Several folders (${someShown(folders, mostAsked)}) hold files ${partWords[part]}: they may be data sets of their own.`,
      choices: [
        ...folders.slice(0, mostAsked).map((only) => ({
          words: `Read ${shown(only)} alone.`,
          options: { parts: Object.fromEntries(folders.filter((name) => name !== only).map((name) => [name, 'none' as const])) },
        })),
        accepting('parts-unknown', 'They are one data set.'),
      ],
    },
  ]
}

/**
 * @param names that nothing is known of
 * @param speaking there are others of which something is known
 */
export function partsDoubt(names: readonly string[], kind: string, speaking: boolean): Doubt {
  const listed = someShown(names, mostAsked)
  const parts: readonly Part[] = speaking ? ['test', 'validation', 'train', 'none'] : ['test', 'validation', 'none']
  return {
    code: 'parts-unknown',
    message: speaking
      ? `Nothing says what the ${kind} called ${listed} are for; others are called training, validation or test.`
      : `There are several ${kind} (${listed}), and nothing says which are for training and which for test.`,
    choices: [
      ...names.slice(0, mostAsked).flatMap((name) =>
        parts.map((part) => ({
          words: `${shown(name)} is ${partWords[part]}.`,
          options: { parts: { [name]: part } },
        })),
      ),
      accepting('parts-unknown', 'All of them are for training.'),
    ],
  }
}
