/** Names that come from outside: of entries in archives, and of files. */
import { badInput } from '../bad-input.ts'

/** Bytes (UTF-16 units) of the longest path. */
const longest = 4096

/** Sees that no two entries of an archive have one path. @throws LabError `bad-input` */
export function onceEach(archive: string): (path: string) => void {
  const seen = new Set<string>()
  return (path) => {
    if (seen.has(path))
      throw badInput(
        archive,
        `it holds "${shown(path)}" twice, and which of the two is meant is not to be told.`,
        'Unpack it yourself, see that it is what it should be, and give the folder.',
      )
    seen.add(path)
  }
}

/** A relative path in its plainest form, with slashes and no `.` parts, or what is wrong with it. */
function plainPath(name: string): { path: string } | { wrong: string } {
  if (name.length > longest) return { wrong: `is longer than ${longest} characters` }
  if (/[\u0000-\u001f\u007f]/.test(name)) return { wrong: 'has a control character in its name' }
  const slashed = name.replaceAll('\\', '/')
  if (slashed.startsWith('/') || /^[A-Za-z]:/.test(slashed)) return { wrong: 'has an absolute name' }
  const parts = slashed.split('/').filter((split) => split !== '' && split !== '.')
  if (parts.includes('..')) return { wrong: 'points out of its folder ("..")' }
  if (parts.length === 0) return { wrong: 'has no name' }
  return { path: parts.join('/') }
}

/** A name as it may be shown: on one line, and not endless. */
export function shown(name: string): string {
  const line = name.replace(/[\u0000-\u001f\u007f]/g, '\u00b7')
  return line.length > 120 ? `${line.slice(0, 117)}...` : line
}

/** The first of several names, and whether there are more. */
export const someShown = (names: readonly string[], most: number): string =>
  `${names.slice(0, most).map(shown).join(', ')}${names.length > most ? ', ...' : ''}`

/** Names of what systems and network disks put beside a person's files: thumbnails, indexes, what was thrown away. */
const clutter =
  /^(\..*|__MACOSX|@eaDir|[@#]recycle|#snapshot|lost\+found|\$RECYCLE\.BIN|System Volume Information|thumbs\.db|desktop\.ini)$/i

export function isClutter(path: string): boolean {
  return path.split('/').some((part) => clutter.test(part))
}

/**
 * Where an entry of an archive is unpacked to; null: nowhere, as it is a folder, or what systems leave there.
 * @param kind 'a file', 'a folder', or what else it is, in words
 * @throws LabError `bad-input` when it is neither file nor folder, or its name points elsewhere
 */
export function entryPath(archive: string, name: string, kind: string): string | null {
  const plain = plainPath(name)
  if ('wrong' in plain) throw badInput(archive, `its entry "${shown(name)}" ${plain.wrong}.`, 'Do not trust this archive; give another.')
  if (kind !== 'a file' && kind !== 'a folder')
    throw badInput(
      archive,
      `its entry "${shown(name)}" is ${kind}; only files and folders are unpacked.`,
      'Pack the files themselves (tar: with --dereference).',
    )
  return kind === 'a folder' || isClutter(plain.path) ? null : plain.path
}
