/** Data sets whose images are stored each by itself, as a file would be: in folders, or in a column of a table. */
import { availableParallelism } from 'node:os'
import type { ImportOptions } from '../../../shared/import-options.ts'
import type { Split } from '../../../shared/split.ts'
import { plural } from '../../../shared/wording.ts'
import { errorText } from '../bad-input.ts'
import { sortNames } from '../classes.ts'
import { unusedDoubt } from '../doubts.ts'
import { throwIfCancelled, type ImportContext } from '../context.ts'
import { inOrder } from '../in-order.ts'
import { black, white } from '../pixels/resize.ts'
import { readDeep, readImage, readImageHeader, type ImageHeader } from '../pixels/image-file.ts'
import { chooseScale, rangeDoubt, ValueRange } from '../pixels/scale.ts'
import type { Picture, Survey, Unreadable } from '../reader.ts'
import { SizeCounter } from '../sizes.ts'

/** Images under way at a time. */
const width = Math.max(2, availableParallelism())

/** An image before it is decoded. What either function throws says why the image cannot be read. */
export interface StoredImage {
  name: string
  split: Split
  className: () => string
  bytes: () => Promise<Uint8Array>
}

export interface ImageSource {
  /** Images in all. */
  total: number
  /** All of them, some at a time: those for training, then validation, then test; the same each time. */
  batches: (context: ImportContext) => Iterable<readonly StoredImage[]> | AsyncIterable<readonly StoredImage[]>
  /** Names of the classes, where they are known beforehand. */
  classNames: string[] | null
}

interface Looked {
  name: string
  header: ImageHeader
  className: string
}

/** Looks at every image's header. @returns what a survey says of the images themselves */
export async function surveyStored(
  { total, batches, classNames: known }: ImageSource,
  { range: chosen, background: behind }: ImportOptions,
  context: ImportContext,
): Promise<
  Pick<Survey, 'classNames' | 'count' | 'sizes' | 'unreadable' | 'notes' | 'doubts' | 'pixelsFrom' | 'clear' | 'dark' | 'pictures'>
> {
  const { imagePixels } = context.limits
  /** Of each image in turn; null: it cannot be read. */
  const found: (Looked | null)[] = []
  const unreadable: Unreadable[] = []
  const severalPages: string[] = []
  /** Of images of 16 bits. */
  const range = new ValueRange()
  const sizes = new SizeCounter()
  const background = behind === 'black' ? black : white
  let clear = 0
  /** Pictures behind the first of TIFF files: stacks; what moves in GIF is one picture. */
  let stacked = 0
  for await (const batch of batches(context)) {
    const looked = inOrder(batch, width, async ({ name, className, bytes }): Promise<Looked | Unreadable> => {
      throwIfCancelled(context)
      try {
        const file = await bytes()
        const header = await readImageHeader(file, imagePixels)
        if (header.deep) range.add(await readDeep(file, header, imagePixels, background))
        return { name, header, className: className() }
      } catch (error) {
        return { name, reason: errorText(error) }
      }
    })
    for await (const one of looked) {
      if ('reason' in one) {
        found.push(null)
        unreadable.push(one)
      } else {
        found.push(one)
        sizes.add(one.header.height, one.header.width, one.header.channels)
        if (one.header.clear) clear++
        if (one.header.pages > 1) severalPages.push(one.name)
        if (/\.tiff?$/i.test(one.name)) stacked += one.header.pages - 1
      }
      context.progress({ note: 'looking at images', done: found.length, total })
    }
  }
  const classNames = known ?? sortNames(new Set(found.flatMap((one) => one?.className ?? [])))
  const labels = new Map(classNames.map((name, label) => [name, label]))
  const deep = range.max >= range.min
  const bytes: ValueRange = Object.assign(new ValueRange(), { min: 0, max: 255 })
  const scale = deep ? chooseScale(range, chosen, 'images of 16 bits') : chosen === undefined ? null : chooseScale(bytes, chosen, '')
  return {
    classNames,
    count: total - unreadable.length,
    sizes: sizes.list(),
    unreadable,
    notes: pagesNote(severalPages),
    pixelsFrom:
      [
        ...(scale === null
          ? []
          : [
              deep
                ? `files of images; those of 16 bits: ${scale.words ?? 'as they are'}`
                : `files of images: ${scale.words ?? 'as they are'}`,
            ]),
        ...(clear === 0 ? [] : [`${clear} of them may be transparent in places: on ${behind ?? 'white'}`]),
      ].join('; ') || null,
    clear,
    dark: !deep && chosen === undefined,
    doubts: [
      ...(scale === null ? [] : rangeDoubt(scale)),
      ...unusedDoubt(stacked, total + stacked, `${severalPages[0]} has several pictures, of which the first is read`),
    ],
    async *pictures(plan, running): AsyncGenerator<Picture | Unreadable> {
      let place = 0
      for await (const batch of batches(running)) {
        const readable = batch.flatMap((image) => {
          const one = found[place++]
          return one === null ? [] : [{ ...image, ...one }]
        })
        yield* inOrder(readable, width, async ({ name, split, header, className, bytes }): Promise<Picture | Unreadable> => {
          throwIfCancelled(running)
          try {
            return {
              name,
              label: labels.get(className)!,
              split,
              pixels: await readImage(await bytes(), header, plan, imagePixels, header.deep || !deep ? scale : null, background),
            }
          } catch (error) {
            return { name, reason: errorText(error) }
          }
        })
      }
    },
  }
}

function pagesNote(names: readonly string[]): string[] {
  if (names.length === 0) return []
  const [has, its] = names.length === 1 ? ['has', 'its'] : ['have', 'their']
  return [`${plural(names.length, 'file')} ${has} several pictures (${names[0]}): ${its} first is read.`]
}
