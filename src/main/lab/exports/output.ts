/** Folders and files that a person wants something written into: looked at before what takes long begins. */
import { rmdirSync } from 'node:fs'
import { mkdtemp, open, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { LabError } from '../../../shared/errors.ts'
import { pour } from '../../store/files/files.ts'
import { dataFolderOf, missingAt } from '../../store/files/folders.ts'
import { beginOutput, destinationAt, prepareFile, writeOutput } from '../../store/files/output.ts'

export { makeOutputFolder } from '../../store/files/output.ts'

/** Bytes copied at a time. */
const piece = 1 << 20

/** Sees that a file would not be written over what is a lab's own. @throws LabError `invalid-argument` */
export function refuseOwnFiles(path: string): void {
  const dataDir = dataFolderOf(path)
  if (dataDir === null) return
  throw new LabError('invalid-argument', `${path} belongs to the lab in ${dataDir}: nothing is written over it.`, 'Choose another file.', {
    settings: { out: null },
  })
}

/** Makes the folder of a file that a person wants, and sees that something can be written there. @throws LabError `disk`, `invalid-argument` */
export async function prepareOutput(path: string): Promise<void> {
  refuseOwnFiles(path)
  await prepareFile(path)
}

/** What takes away again, while they are empty, the folders that are made for a path from now on. */
export function undoFolders(path: string): () => void {
  const missing = missingAt(path).toReversed()
  return () => {
    for (const folder of missing) {
      try {
        rmdirSync(folder)
      } catch {
        // It holds something, is no folder, or was never made.
      }
    }
  }
}

/** Writes a text where a person wants it. @param doing for the error @throws LabError `disk` */
export const writeText = (path: string, text: string, doing: string): Promise<void> => writeOutput(path, Buffer.from(text), doing)

/** Copies a file of the lab to where a person wants it; what is there stays whole until the new one is. @throws LabError `disk` */
export async function copyOutput(from: string, to: string): Promise<void> {
  await using source = await open(from)
  const { size } = await source.stat()
  await pour(await beginOutput(to, 'save the file', size), source.createReadStream({ highWaterMark: piece, autoClose: false }))
}

/** Whether a file would go where this process's standard output goes. */
export async function isOwnOutput(path: string | undefined): Promise<boolean> {
  const found = path === undefined ? null : await destinationAt(path).catch(() => null)
  return found?.kind === 'stream' && found.isOwnOutput
}

/** Has a file written that is read again before it counts: on the way to a pipe, which gives nothing back, in a place of its own. */
export async function writeReadable<T>(path: string, write: (path: string) => Promise<T>): Promise<T> {
  if ((await destinationAt(path)).kind === 'file') return write(path)
  const folder = await mkdtemp(join(tmpdir(), 'weightscape-'))
  try {
    const result = await write(join(folder, 'file'))
    await copyOutput(join(folder, 'file'), path)
    return result
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
