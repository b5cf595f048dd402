/** Folders that may not be there yet, and who may look into the data folder. */
import { chmodSync, closeSync, existsSync, lstatSync, mkdirSync, openSync, readdirSync, realpathSync, statfsSync, statSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { LabError } from '../../../shared/errors.ts'
import { codeOf } from '../failures.ts'

/** `statfs` types of what the Linux kernel only shows as files: proc, sysfs, cgroup, cgroup2, devpts, debugfs, tracefs, securityfs, configfs, bpf. */
const kernelTypes = new Set([0x9fa0, 0x62656572, 0x27e0eb, 0x63677270, 0x1cd1, 0x64626720, 0x74726163, 0x73636673, 0x62656570, 0xcafe4a11])

/** A path and those above it that are not there, outermost first. */
export function missingAt(path: string): string[] {
  const missing: string[] = []
  for (let place = resolve(path); !existsSync(place); place = dirname(place)) missing.unshift(place)
  return missing
}

/**
 * Makes a folder with those above it. Not `mkdir` with `recursive`, which tries for ever where nothing can be made (below /proc).
 * @throws LabError `disk` where no folder can be; what the system says otherwise
 */
export function makeFolders(path: string, mode?: number): void {
  const missing = missingAt(path)
  const link = missing.find(isLink)
  if (link !== undefined)
    throw new LabError(
      'disk',
      `No folder can be made at ${path}: ${link} is a link to a place that is not there.`,
      'Bring back what it leads to (a disk unmounted, a folder moved?), or choose another place.',
    )
  const place = missing.length === 0 ? path : dirname(missing[0])
  const refused = !statSync(place).isDirectory()
    ? 'is no folder'
    : process.platform === 'linux' && kernelTypes.has(statfsSync(place).type)
      ? 'belongs to the kernel and keeps no files'
      : null
  if (refused !== null) throw new LabError('disk', `No folder can be made at ${path}: ${place} ${refused}.`, 'Choose another place.')
  for (const each of missing) {
    try {
      mkdirSync(each, { mode })
    } catch (error) {
      // Another process may have made it meanwhile.
      if (!(codeOf(error) === 'EEXIST' && statSync(each).isDirectory())) throw error
    }
  }
}

/** Whether a link lies there, wherever it leads. */
function isLink(path: string): boolean {
  try {
    return lstatSync(path).isSymbolicLink()
  } catch {
    return false
  }
}

/** Makes a file that only its owner can read, if there is none: what SQLite makes beside its database has the mode of that. */
export function makePrivate(path: string): void {
  closeSync(openSync(path, 'a', 0o600))
}

/** Name of the database within a data folder. */
export const databaseName = 'weightscape.db'

/** What the lab puts into its data folder. */
const ours = /^(weightscape\.db.*|lock\.(db|json).*|commit-mark|door\.key.*|(runs|datasets|studies|backups|orphans|damaged)|.*\.part)$/

/** The data folder of a lab of whose own files a path is one, links followed, whether it is there or not; null: of none. */
export function dataFolderOf(path: string): string | null {
  let place = resolve(path)
  const missing: string[] = []
  for (; !existsSync(place); place = dirname(place)) missing.unshift(basename(place))
  let below = join(realpathSync(place), ...missing)
  for (let folder = dirname(below); folder !== below; [below, folder] = [folder, dirname(folder)])
    if (ours.test(basename(below)) && existsSync(join(folder, databaseName))) return folder
  return null
}

/**
 * Takes from others on this machine what older versions let them read: folders 0700, files 0600, where they are this user's.
 * Of a folder that holds other things too (a home, `/tmp`), only what is the lab's is touched.
 */
export function keepPrivate(dataDir: string): void {
  const user = process.getuid?.()
  if (user === undefined) return
  // What another process takes away meanwhile (a file that was in the making) is nobody's.
  const close = (path: string): boolean => {
    try {
      const { uid, mode } = lstatSync(path)
      if (uid === user && (mode & 0o077) !== 0) chmodSync(path, mode & 0o700)
      return uid === user
    } catch (error) {
      if (codeOf(error) !== 'ENOENT') throw error
      return false
    }
  }
  const walk = (folder: string): void => {
    for (const entry of entriesOf(folder)) {
      const path = join(folder, entry.name)
      if (entry.isSymbolicLink()) continue
      if (close(path) && entry.isDirectory()) walk(path)
    }
  }
  const entries = entriesOf(dataDir)
  const own = entries.filter(({ name }) => ours.test(name))
  if (own.length === entries.length) close(dataDir)
  for (const entry of own) {
    const path = join(dataDir, entry.name)
    if (!entry.isSymbolicLink() && close(path) && entry.isDirectory()) walk(path)
  }
}

/** None of a folder that is not there any more. */
function entriesOf(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true })
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error
    return []
  }
}
