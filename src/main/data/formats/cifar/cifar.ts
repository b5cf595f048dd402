/** CIFAR-10 and CIFAR-100 (A. Krizhevsky, 2009), as they are handed on: the binary version and the one for Python. */
import { z } from 'zod'
import type { ImportOptions } from '../../../../shared/dataset-import.ts'
import { LabError } from '../../../../shared/errors.ts'
import { badInput } from '../../bad-input.ts'
import { checkClasses } from '../../classes.ts'
import type { ImportContext } from '../../context.ts'
import type { Reader, Survey } from '../../reader.ts'
import type { TreeFile } from '../../tree/tree-file.ts'
import { channelsLast, numberedNote, surveyArrays, type ImageArray } from '../arrays.ts'
import { PickledArray, readPickle, textOf } from './pickle.ts'

/** uint8 [3, 32, 32] an image */
const pixels = 32 * 32
const imageBytes = 3 * pixels

const batchNames = /^(data_batch(_\d+)?|test_batch|train|test)(\.bin)?$/
const metaNames = /^(batches\.meta(\.txt)?|meta|(fine|coarse)_label_names\.txt)$/

export const cifar: Reader = {
  format: 'cifar',
  claims: (file, head) => {
    if (/^(batches\.meta\.txt|(fine|coarse)_label_names\.txt)$/.test(file.name)) return true
    if (file.ending === '.bin') return batchNames.test(file.name)
    return (batchNames.test(file.name) || metaNames.test(file.name)) && head[0] === 0x80 && head[1] >= 2 && head[1] <= 5
  },
  survey,
}

/** Labels of CIFAR-100: 100 fine classes, or 20 coarse ones; CIFAR-10 has but one kind. */
type Kind = 'fine' | 'coarse'

interface Contents {
  arrays: ImageArray[]
  names: string[] | null
}

async function survey(files: readonly TreeFile[], options: ImportOptions, context: ImportContext): Promise<Survey> {
  const batches = files.filter((file) => batchNames.test(file.name))
  if (batches.length === 0) throw badInput(files[0].path, 'it names classes, but there are no images.', 'Give the batches of images too.')
  const hundred = batches.some((file) => /^(train|test)(\.bin)?$/.test(file.name))
  const kind = kindOf(options, hundred)
  const binary = batches[0].ending === '.bin'
  const { arrays, names } = await (binary ? readBinary : readPython)(files, batches, hundred, kind, context)
  const highest = arrays.reduce((most, { labels }) => labels.reduce((high, label) => Math.max(high, label), most), 0)
  if (names !== null && highest >= names.length)
    throw badInput(files[0].path, `a label is ${highest}, but only ${names.length} classes are named.`)
  const classNames = names ?? Array.from({ length: highest + 1 }, (_, label) => String(label))
  checkClasses(classNames, files[0].path, 'Give all batches of the data set.')
  const found = surveyArrays(
    {
      arrays,
      recognised: `CIFAR-${hundred ? '100' : '10'}, ${binary ? 'binary' : 'Python'} version`,
      files: batches.map((file) => file.path),
      classNames,
      labelsFrom: hundred ? `the ${kind} labels in the batches, with each image` : 'the batches, with each image',
      notes: names === null ? [numberedNote] : [],
    },
    context,
  )
  return hundred ? { ...found, labelColumn: { chosen: kind, candidates: ['fine', 'coarse'] } } : found
}

function kindOf({ labelColumn }: ImportOptions, hundred: boolean): Kind {
  if (labelColumn === undefined || (hundred && labelColumn === 'fine')) return 'fine'
  if (hundred && labelColumn === 'coarse') return 'coarse'
  throw new LabError(
    'invalid-argument',
    `There are no labels "${labelColumn}".`,
    hundred ? 'Choose "fine" or "coarse".' : 'CIFAR-10 has one kind of labels: leave the choice out.',
  )
}

/** @param planesOf uint8 [some, 3, 32, 32] of the images from `first` on */
function arrayOf({ name }: TreeFile, labels: Uint8Array, planesOf: ImageArray['read']): ImageArray {
  return {
    name,
    split: name.startsWith('test') ? 'test' : 'train',
    labels,
    height: 32,
    width: 32,
    channels: 3,
    read: async (first, some) => channelsLast(await planesOf(first, some), some, 3, pixels),
  }
}

/** Records of one label (CIFAR-100: the coarse one, then the fine one) and an image. */
async function readBinary(
  files: readonly TreeFile[],
  batches: readonly TreeFile[],
  hundred: boolean,
  kind: Kind,
  context: ImportContext,
): Promise<Contents> {
  const before = hundred ? 2 : 1
  const record = before + imageBytes
  const arrays: ImageArray[] = []
  for (const file of batches) {
    if (file.size === 0 || file.size % record !== 0)
      throw badInput(file.path, `it has ${file.size} bytes, which are no whole number of records of ${record} bytes.`)
    const labels = new Uint8Array(file.size / record)
    let image = 0
    for await (const piece of file.pieces(0, 256 * record))
      for (let at = hundred && kind === 'fine' ? 1 : 0; at < piece.length; at += record) labels[image++] = piece[at]
    const planesOf = async (first: number, some: number): Promise<Uint8Array> => {
      const bytes = await file.slice(first * record, some * record)
      return Buffer.concat(Array.from({ length: some }, (_, i) => bytes.subarray(i * record + before, (i + 1) * record)))
    }
    arrays.push(arrayOf(file, labels, planesOf))
  }
  const list = files.find((file) => file.name === (hundred ? `${kind}_label_names.txt` : 'batches.meta.txt'))
  const text = list === undefined ? null : Buffer.from(await list.whole(Math.min(1 << 16, context.limits.wholeFileBytes))).toString()
  const names = text?.split('\n').flatMap((line) => (line.trim() === '' ? [] : [line.trim()]))
  return { arrays, names: names ?? null }
}

async function readPython(
  files: readonly TreeFile[],
  batches: readonly TreeFile[],
  hundred: boolean,
  kind: Kind,
  context: ImportContext,
): Promise<Contents> {
  const open = async (file: TreeFile) => readPickle(await file.whole(context.limits.wholeFileBytes), file.path)
  const arrays: ImageArray[] = []
  for (const file of batches) {
    const batch = await open(file)
    const data = batch.get('data')
    if (!(data instanceof PickledArray) || data.type !== 'u1' || data.shape.length !== 2 || data.shape[1] !== imageBytes)
      throw badInput(file.path, `its "data" is no array of bytes, ${imageBytes} an image.`)
    const [count] = data.shape
    const labels = z
      .array(z.int().min(0).max(255))
      .length(count)
      .safeParse(batch.get(hundred ? `${kind}_labels` : 'labels'))
    if (!labels.success) throw badInput(file.path, `its labels are no list of ${count} whole numbers from 0 to 255.`)
    const planesOf = (first: number, some: number) => Promise.resolve(data.data.subarray(first * imageBytes, (first + some) * imageBytes))
    arrays.push(arrayOf(file, Uint8Array.from(labels.data), planesOf))
  }
  const meta = files.find((file) => metaNames.test(file.name))
  const names = meta === undefined ? undefined : (await open(meta)).get(hundred ? `${kind}_label_names` : 'label_names')
  return { arrays, names: Array.isArray(names) ? names.map((name: unknown) => textOf(name) ?? '') : null }
}
