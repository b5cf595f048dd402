/** Folders as tar archives that know the checksums of their files, so that what was cut off or changed on its way is found. */
import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { mkdir, readdir, stat, statfs } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { text } from 'node:stream/consumers'
import { pipeline } from 'node:stream/promises'
import { extract, pack, type Pack } from 'tar-stream'
import { LabError, messageOf } from '../../../shared/errors.ts'
import { bytes } from '../../../shared/wording.ts'
import { codeOf, fileFailure } from '../../store/failures.ts'
import { pour } from '../../store/files/files.ts'
import { beginOutput } from '../../store/files/output.ts'

/** First file of an archive: what it is, and SHA-256 and bytes of each of the others by its path. */
const contents = 'contents.json'

export interface Contents {
  format: string
  files: Record<string, { sha256: string; size: number }>
}

/** A fixed time, so that the bytes depend on the content only. */
const mtime = new Date(0)
/** Folders, and names without anything that leads out of them or that some system does not take. */
const safe = /^(?!.*(^|\/)\.{1,2}(\/|$))[^\p{Cc}\\:*?"<>|/]+(\/[^\p{Cc}\\:*?"<>|/]+)*$/u

/** Files below a folder, by path, in order; strays with names that an archive does not take stay behind. @param leaveOut by name of what lies directly in it */
async function filesOf(folder: string, leaveOut: RegExp, within = ''): Promise<string[]> {
  const found = await readdir(join(folder, within), { withFileTypes: true })
  const paths = found
    .filter(({ name }) => within !== '' || !leaveOut.test(name))
    .map(async (entry) => {
      const path = within === '' ? entry.name : `${within}/${entry.name}`
      return entry.isDirectory() ? filesOf(folder, leaveOut, path) : [path]
    })
  return (await Promise.all(paths))
    .flat()
    .filter((path) => safe.test(path))
    .sort()
}

async function checksumOf(path: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const piece of createReadStream(path)) hash.update(piece as Uint8Array)
  return hash.digest('hex')
}

/** Puts a folder that nobody writes into into an archive. @throws LabError `disk` */
export async function packFolder<Told extends Contents>(
  folder: string,
  path: string,
  told: Omit<Told, 'files'>,
  leaveOut: RegExp,
): Promise<number> {
  const files: Contents['files'] = {}
  for (const name of await filesOf(folder, leaveOut))
    files[name] = { sha256: await checksumOf(join(folder, name)), size: (await stat(join(folder, name))).size }
  const size = Object.values(files).reduce((sum, file) => sum + file.size, 0)
  const output = await beginOutput(path, 'write the archive', size)
  const archive = pack()
  const filled = fill(archive, folder, JSON.stringify({ ...told, files }), files).catch((error: unknown) => archive.destroy(error as Error))
  const written = await pour(output, archive as AsyncIterable<Uint8Array>)
  await filled
  return written
}

async function fill(archive: Pack, folder: string, first: string, files: Contents['files']): Promise<void> {
  archive.entry({ name: contents, mtime }, first)
  for (const [name, { size }] of Object.entries(files))
    await pipeline(createReadStream(join(folder, name)), archive.entry({ name, size, mtime }))
  archive.finalize()
}

/** What is said of an archive that cannot be taken. @param found what is wrong with it, without a full stop */
export const damagedArchive = (called: string, found: string, cause?: unknown): LabError =>
  new LabError('bad-input', `${called} is no whole archive of runs: ${found}.`, 'Make it again where the runs are, and copy it whole.', {
    cause,
  })

/**
 * Brings an archive into an empty folder, each file with the checksum that it had.
 * @param parse what the archive says of itself, before anything is written; throws where it is nothing for us
 * @param called what errors call it
 * @throws LabError `bad-input` where it is no such archive, is cut off or was changed, `disk`
 */
export async function unpackFolder<Told extends Contents>(
  path: string,
  folder: string,
  parse: (value: unknown) => Told,
  called = path,
): Promise<Told> {
  const entries = extract()
  const reading = pipeline(createReadStream(path), entries).catch(() => undefined)
  const damaged = (found: string, cause?: unknown): LabError => damagedArchive(called, found, cause)
  let told: Told | undefined
  const left = new Set<string>()
  try {
    for await (const entry of entries) {
      const { name, type, size } = entry.header
      if (told === undefined) {
        if (name !== contents || size > 1 << 26) throw damaged('it does not begin with what it holds')
        told = parse(JSON.parse(await text(entry)))
        Object.keys(told.files).forEach((file) => left.add(file))
        await assertRoom(
          folder,
          Object.values(told.files).reduce((sum, file) => sum + file.size, 0),
          called,
        )
        continue
      }
      if (type !== 'file' || !safe.test(name) || !left.delete(name))
        throw damaged(`it holds ${JSON.stringify(name)}, which it does not name`)
      const wanted = told.files[name]
      if (size !== wanted.size) throw damaged(`${name} has ${bytes(size)}, not ${bytes(wanted.size)}`)
      await mkdir(dirname(join(folder, name)), { recursive: true, mode: 0o700 })
      const hash = createHash('sha256')
      const hashed = async function* (pieces: AsyncIterable<Buffer>) {
        for await (const piece of pieces) {
          hash.update(piece)
          yield piece
        }
      }
      await pipeline(entry as AsyncIterable<Buffer>, hashed, createWriteStream(join(folder, name), { flags: 'wx', mode: 0o600 }))
      if (hash.digest('hex') !== wanted.sha256) throw damaged(`the checksum of ${name} is another`)
    }
  } catch (error) {
    if (error instanceof LabError) throw error
    if (/^E[A-Z]+$/.test(codeOf(error))) throw fileFailure(error, 'read the archive', path)
    throw damaged(told === undefined ? 'it does not begin as one does' : messageOf(error).replace(/[.?]+$/, ''), error)
  } finally {
    await reading
  }
  if (told === undefined) throw damaged('there is nothing in it')
  for (const missing of left) throw damaged(`${missing} is missing`)
  return told
}

async function assertRoom(folder: string, size: number, called: string): Promise<void> {
  const { bavail, bsize } = await statfs(folder)
  if (size > bavail * bsize)
    throw new LabError(
      'disk',
      `${called} holds ${bytes(size)}, and ${bytes(bavail * bsize)} are free.`,
      'Make room, or choose another data folder.',
    )
}
