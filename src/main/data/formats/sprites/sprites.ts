/** Data sets as sprite sheets: pictures in which each row of pixels is an image of its own, and a JSON list of their labels. */
import type { ImportOptions } from '../../../../shared/dataset-import.ts'
import { splits, type Split } from '../../../../shared/split.ts'
import { badInput, damaged, errorText } from '../../bad-input.ts'
import { checkClasses } from '../../classes.ts'
import { throwIfCancelled, type ImportContext } from '../../context.ts'
import { isImage, readImageHeader } from '../../pixels/image-file.ts'
import { black, white } from '../../pixels/resize.ts'
import { vips } from '../../pixels/vips.ts'
import type { Reader, Survey } from '../../reader.ts'
import { saidOfPath } from '../../split-names.ts'
import type { TreeFile } from '../../tree/tree-file.ts'
import { numberedNote, surveyArrays, type ImageArray } from '../arrays.ts'
import { squareOf, type ImageShape } from '../shapes.ts'

export const sprites: Reader = {
  format: 'sprites',
  // The sheets themselves are pictures like others: the lists tell.
  claims: (file, head) => file.ending === '.json' && /^\s*\[\s*\d{1,3}\s*[,\]]/.test(Buffer.from(head.subarray(0, 64)).toString('latin1')),
  survey,
}

interface Sheet extends ImageShape {
  file: TreeFile
  split: Split
  /** Rows of the picture. */
  count: number
  /** It is transparent in places. */
  isClear: boolean
}

async function survey(files: readonly TreeFile[], options: ImportOptions, context: ImportContext): Promise<Survey> {
  const sheets: Sheet[] = []
  const lists: { split: Split; labels: Uint8Array; path: string }[] = []
  for (const file of files.toSorted((a, b) => a.path.localeCompare(b.path, 'en', { numeric: true }))) {
    throwIfCancelled(context)
    const split = saidOfPath(file.path) ?? 'train'
    if (file.ending === '.json') lists.push({ split, labels: await readLabels(file, context), path: file.path })
    else if (isImage(await file.head(512))) sheets.push({ ...(await readSheet(file, options, context)), file, split })
  }
  const [first] = sheets
  if (first === undefined) throw badInput(files[0].path, 'it is a list of labels, but there are no pictures.', 'Give the pictures too.')
  // They need not begin at 0, nor be there without a gap.
  const labels = [...new Set(lists.flatMap((list) => [...list.labels]))].sort((a, b) => a - b)
  for (const list of lists) list.labels = list.labels.map((label) => labels.indexOf(label))
  const arrays = splits.flatMap((split) => pair(split, sheets, lists, options, context))
  const classNames = labels.map(String)
  checkClasses(classNames, lists[0].path, 'Give the lists of all labels.')
  const clear = sheets.reduce((sum, { isClear, count }) => sum + (isClear ? count : 0), 0)
  const found = surveyArrays(
    {
      arrays,
      recognised: 'sprite sheets, an image in each row of pixels',
      files: sheets.map(({ file }) => file.path),
      classNames,
      labelsFrom: `the lists beside the sheets (${lists.map(({ path }) => path).join(', ')})`,
      pixelsFrom: clear === 0 ? null : `${clear} may be transparent in places: on ${options.background ?? 'white'}`,
      notes: [numberedNote],
    },
    context,
  )
  return { ...found, clear }
}

/** @throws LabError `bad-input` unless the file is a list of whole numbers from 0 to 255 */
async function readLabels(file: TreeFile, { limits }: ImportContext): Promise<Uint8Array> {
  const text = Buffer.from(await file.whole(limits.wholeFileBytes)).toString()
  let list: unknown
  try {
    list = JSON.parse(text)
  } catch {
    throw badInput(file.path, 'it begins as a list of labels, but is no JSON.', 'Give it whole.')
  }
  const isLabel = (value: unknown): value is number => Number.isInteger(value) && Number(value) >= 0 && Number(value) <= 255
  const wrong = Array.isArray(list) ? list.findIndex((value) => !isLabel(value)) : 0
  if (!Array.isArray(list) || wrong !== -1)
    throw badInput(file.path, `label ${wrong + 1} of it is no whole number from 0 to 255.`, 'Give a list of such numbers, one an image.')
  return Uint8Array.from(list as number[])
}

/** @throws LabError `bad-input` when a row of pixels is no image */
async function readSheet(file: TreeFile, { shape }: ImportOptions, { limits }: ImportContext): Promise<Omit<Sheet, 'file' | 'split'>> {
  const bytes = await file.whole(limits.wholeFileBytes)
  const header = await readImageHeader(bytes, limits.imagePixels).catch((error: unknown) => {
    throw badInput(file.path, `${errorText(error)}.`)
  })
  if (header.deep) throw badInput(file.path, 'its pixels have 16 bits.', 'Give sheets of 8 bits.')
  const { width, channels, height: count } = header
  const square = shape ?? squareOf(width)
  if (square === null || square.height * square.width !== width)
    throw badInput(
      file.path,
      `a row has ${width} pixels, which are no ${shape === undefined ? 'square' : `${shape.height} x ${shape.width}`}.`,
      'Say what shape a row has, or give class folders of the images.',
      { settings: { shape: null } },
    )
  const isClear = header.clear && !(await isOpaque(bytes, file.path, limits))
  return { height: square.height, width: square.width, channels, count, isClear }
}

/** The sheets of one split in the order of their names, with the labels that are theirs. @throws LabError `bad-input` when they do not fit */
function pair(
  split: Split,
  sheets: readonly Sheet[],
  lists: readonly { split: Split; labels: Uint8Array; path: string }[],
  options: ImportOptions,
  context: ImportContext,
): ImageArray[] {
  const own = sheets.filter((sheet) => sheet.split === split)
  const [list, second] = lists.filter((one) => one.split === split)
  const count = own.reduce((sum, sheet) => sum + sheet.count, 0)
  if (second !== undefined) throw badInput(second.path, `${list.path} is a list of the same labels.`, 'Give one list for each split.')
  if (own.length === 0 && list === undefined) return []
  if (list === undefined)
    throw badInput(own[0].file.path, `there is no list of labels for ${split}.`, `Give one with "${split}" in its name.`)
  if (list.labels.length !== count)
    throw badInput(
      list.path,
      `has ${list.labels.length} labels, but the sheets for ${split} have ${count} rows.`,
      'Give all sheets and their list.',
    )
  let first = 0
  return own.map(({ file, height, width, channels, count: rows }) => {
    const from = first
    first += rows
    let pixels: Promise<Uint8Array> | undefined
    const size = height * width * channels
    return {
      name: file.name,
      split,
      labels: list.labels.subarray(from, first),
      height,
      width,
      channels,
      async read(at, some) {
        pixels ??= decode(file, channels, options, context)
        const bytes = (await pixels).subarray(at * size, (at + some) * size)
        if (at + some === rows) pixels = undefined // one sheet in memory at a time
        return bytes
      },
    }
  })
}

const open = (bytes: Uint8Array, { imagePixels }: ImportContext['limits']) =>
  vips(bytes, { limitInputPixels: imagePixels, failOn: 'error' })

async function isOpaque(bytes: Uint8Array, name: string, limits: ImportContext['limits']): Promise<boolean> {
  try {
    return (await open(bytes, limits).stats()).isOpaque
  } catch (error) {
    throw damaged(error, name, notDecoded)
  }
}

const notDecoded = 'it cannot be decoded'

async function decode(file: TreeFile, channels: number, { background }: ImportOptions, { limits }: ImportContext): Promise<Uint8Array> {
  const image = open(await file.whole(limits.wholeFileBytes), limits)
  try {
    return await image
      .flatten({ background: background === 'black' ? black : white })
      .toColourspace(channels === 1 ? 'b-w' : 'srgb')
      .raw()
      .toBuffer()
  } catch (error) {
    throw damaged(error, file.path, notDecoded)
  }
}
