/** What was packed, read back: the files of the archive and Electron's fuses. */
import { existsSync, globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** @typedef {{ files?: Record<string, Entry>, unpacked?: boolean }} Entry */

/**
 * Paths of all files of an archive of Electron's, whether they lie in it or beside it.
 * @param {string} path of `app.asar`
 */
export function filesInArchive(path) {
  const bytes = readFileSync(path)
  // Two pickles: 4 bytes each of sizes, then the header's length and the header.
  const header = /** @type {Entry} */ (JSON.parse(bytes.subarray(16, 16 + bytes.readUInt32LE(12)).toString('utf8')))
  /** @type {(entry: Entry, at: string) => string[]} */
  const walk = ({ files }, at) =>
    files === undefined ? [at] : Object.entries(files).flatMap(([name, each]) => walk(each, at === '' ? name : `${at}/${name}`))
  return walk(header, '').sort()
}

/** Before the fuses in Electron's program; then their version, their number, and a character each. */
const sentinel = Buffer.from('dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX')
/** In the order in which Electron has them. */
const order = [
  'runAsNode',
  'enableCookieEncryption',
  'enableNodeOptionsEnvironmentVariable',
  'enableNodeCliInspectArguments',
  'enableEmbeddedAsarIntegrityValidation',
  'onlyLoadAppFromAsar',
  'loadBrowserProcessSpecificV8Snapshot',
  'grantFileProtocolExtraPrivileges',
]

/**
 * The fuses of a program, by name.
 * @param {string} path
 * @returns {Record<string, boolean>}
 * @throws {Error} where there are none
 */
export function fusesOf(path) {
  const bytes = readFileSync(path)
  const at = bytes.indexOf(sentinel)
  if (at < 0) throw new Error(`${path} has no fuses.`)
  const [version, count] = bytes.subarray(at + sentinel.length)
  if (version !== 1 || count < order.length) throw new Error(`${path} has fuses of another form.`)
  const wire = bytes.subarray(at + sentinel.length + 2)
  return Object.fromEntries(order.map((name, i) => [name, wire[i] === '1'.charCodeAt(0)]))
}

/**
 * The program and the archive of each app under a folder of electron-builder's.
 * @param {string} output
 */
export function packedApps(output) {
  return globSync(['*-unpacked', 'mac*/*.app'], { cwd: output })
    .map((name) => join(output, name))
    .map((app) =>
      existsSync(join(app, 'Contents'))
        ? {
            archive: join(app, 'Contents/Resources/app.asar'),
            program: join(app, 'Contents/Frameworks/Electron Framework.framework/Electron Framework'),
          }
        : { archive: join(app, 'resources/app.asar'), program: join(app, 'weightscape') },
    )
}
