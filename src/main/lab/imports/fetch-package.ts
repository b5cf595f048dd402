/** Fetches an npm package with the npm of this machine, as it is set up: the one thing that the lab brings over a network, when a person asks. */
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import type { PublishedDataset } from '../../../shared/published-datasets.ts'
import { LabError } from '../../../shared/errors.ts'
import { plainName } from '../../../shared/names.ts'
import { importCancelled } from '../../data/context.ts'

/** Milliseconds between looks at how much has come. */
const lookEvery = 400
/** Characters of what npm says when it fails. */
const longestAnswer = 300

/**
 * @param folder receives the package, packed as it is published
 * @param scratch a folder that is not there yet, and is gone afterwards
 * @param progress hears how many bytes have come
 * @throws LabError `set-up` without npm, `bad-input` when it cannot be fetched or is not what it should be, `cancelled`
 */
export async function fetchPackage(
  { title, pack, version, bytes, sha512 }: Pick<PublishedDataset, 'title' | 'pack' | 'version' | 'bytes' | 'sha512'>,
  folder: string,
  scratch: string,
  { signal, progress }: { signal: AbortSignal; progress: (bytes: number) => void },
): Promise<void> {
  await mkdir(scratch, { recursive: true })
  const looking = setInterval(
    () =>
      void sizeOf(scratch).then(
        (size) => progress(Math.min(size, bytes)),
        () => undefined,
      ),
    lookEvery,
  )
  try {
    const flags = [
      '--pack-destination',
      folder,
      '--cache',
      join(scratch, 'cache'),
      '--ignore-scripts',
      '--loglevel',
      'error',
      '--no-update-notifier',
    ]
    await npm(['pack', `${pack}@${version}`, ...flags], scratch, signal, title)
    const file = join(folder, `${pack}-${version}.tgz`)
    const hash = createHash('sha512')
    await pipeline(createReadStream(file), hash, { signal })
    if (hash.digest('base64') === sha512) return
    await rm(file, { force: true })
    throw new LabError(
      'bad-input',
      `The npm package ${pack} ${version} that came is not the one that is ${title}: its checksum is another.`,
      'Nothing was kept. Try again; if it stays so, import the files of the data set from elsewhere.',
    )
  } catch (error) {
    throw signal.aborted ? importCancelled() : error
  } finally {
    clearInterval(looking)
    await rm(scratch, { recursive: true, force: true })
  }
}

function npm(args: readonly string[], cwd: string, signal: AbortSignal, title: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn('npm', args, { cwd, signal, killSignal: 'SIGKILL', stdio: ['ignore', 'ignore', 'pipe'] })
    let said = ''
    child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text.slice(0, 10_000 - said.length)))
    child.on('error', (cause: NodeJS.ErrnoException) =>
      reject(
        cause.code === 'ENOENT'
          ? new LabError(
              'set-up',
              `${title} is fetched with npm, which is not installed.`,
              'Install Node.js with npm, or import the files of the data set from elsewhere.',
            )
          : cause,
      ),
    )
    child.on('close', (code) => {
      if (code === 0) resolve()
      else
        reject(
          new LabError(
            'bad-input',
            `${title} could not be fetched: npm says "${answerOf(said)}".`,
            'See that this machine has a network and that npm can reach its registry; then try again.',
          ),
        )
    })
  })
}

/** The first lines of what npm said, without its own marks. */
function answerOf(said: string): string {
  const lines = said.split('\n').map((line) => line.replace(/^npm (error|ERR!|warn)\s*/i, '').trim())
  const kept = lines.filter((line) => line !== '' && !/^A complete log|_logs/.test(line)).join(' ')
  return plainName(kept).slice(0, longestAnswer) || 'nothing'
}

async function sizeOf(folder: string): Promise<number> {
  let size = 0
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (entry.isFile())
      size += await stat(join(entry.parentPath, entry.name)).then(
        (file) => file.size,
        () => 0,
      )
  }
  return size
}
