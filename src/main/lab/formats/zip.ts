/** Small archives of files that belong together. Same content, same bytes. */
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { zipSync } from 'fflate'
import { writeOutput } from '../../store/files/output.ts'

/** The earliest time that a ZIP archive can say: the bytes depend on the content only. */
const time = new Date(1980, 0, 1)

export function zipFiles(files: readonly { name: string; bytes: Uint8Array }[]): Uint8Array {
  return zipSync(Object.fromEntries(files.map(({ name, bytes }) => [name, bytes])), { mtime: time })
}

/** Puts the files of a folder, which has no folders in it, into an archive. @throws LabError `disk` */
export async function zipFolder(folder: string, path: string): Promise<void> {
  const names = (await readdir(folder)).sort()
  const files = await Promise.all(names.map(async (name) => ({ name, bytes: new Uint8Array(await readFile(join(folder, name))) })))
  await writeOutput(path, zipFiles(files), 'write the archive')
}
