/** What a person is shown of an import before it is kept. */
import { open } from 'node:fs/promises'
import type { DoubtOutcome, ImportPreview, PreviewClass, PreviewSample } from '../../shared/import-preview.ts'
import type { Reading } from '../../shared/import-options.ts'
import { imagesIn, type SplitSizes } from '../../shared/split.ts'
import { countClasses, type ClassCounts } from '../../shared/split-doubts.ts'
import type { Dealt, DatasetSplit } from './split-dataset.ts'
import { describePlan } from './plan.ts'
import type { ImageBuffer } from './image-buffer.ts'
import type { Survey } from './reader.ts'

const maxSamples = 50
const maxSizes = 10

export async function makePreview(
  format: string,
  survey: Survey,
  buffer: ImageBuffer,
  dealt: Dealt,
  { doubts, notes }: Pick<ImportPreview, 'doubts' | 'notes'>,
): Promise<ImportPreview> {
  const { changed, words } = describePlan(survey.sizes, buffer.plan)
  return {
    format,
    recognised: survey.recognised,
    files: survey.files,
    count: imagesIn(dealt.split),
    read: buffer.labels.length,
    classes: classesOf(survey.classNames, buffer, dealt),
    sizes: survey.sizes.slice(0, maxSizes),
    plan: buffer.plan,
    changed,
    changes: words,
    samples: await readSamples(survey.classNames, buffer, maxSamples),
    duplicates: buffer.duplicates,
    unreadable: buffer.unreadable,
    labelColumn: survey.labelColumn,
    suggestedSplit: dealt.asked,
    kept: dealt.split,
    order: dealt.words,
    readings: readingsOf(survey, buffer),
    doubts,
    notes,
  }
}

/** What is shown of an answer beside its button. */
const outcomeClasses = 8
const outcomeSamples = 6

export async function makeOutcome(survey: Survey, buffer: ImageBuffer, dealt: DatasetSplit): Promise<DoubtOutcome> {
  const classes = classesOf(survey.classNames, buffer, dealt).map(({ name, count }) => ({ name, count }))
  return {
    plan: buffer.plan,
    count: imagesIn(dealt.split),
    split: dealt.split,
    classCount: classes.length,
    classes: classes.slice(0, outcomeClasses),
    samples: await readSamples(survey.classNames, buffer, outcomeSamples),
  }
}

/** What was taken for what, and what told it. */
export function readingsOf(
  { recognised, labelsFrom, partsFrom = null, pixelsFrom = null, classNames }: Survey,
  { presplit }: ImageBuffer,
): Reading[] {
  const apart = presplit.validation > 0 || presplit.test > 0
  const cut = (['validation', 'test'] as const).filter((part) => presplit[part] === 0)
  return [
    { what: 'images', from: recognised },
    { what: 'labels', from: labelsFrom },
    { what: 'classes', from: `${classNames.length}: ${classNames.slice(0, 20).join(', ')}${classNames.length > 20 ? ', ...' : ''}` },
    {
      what: 'splits',
      from: apart
        ? [partsFrom ?? 'names of files, folders or a column that say training, validation or test', ...cut.map(cutInWords)].join('; ')
        : 'nothing says them: cut from all images',
    },
    { what: 'pixels', from: pixelsFrom ?? 'bytes from 0 to 255, as they are' },
  ]
}

const cutInWords = (part: string): string => `${part} images are cut from those for training`

const sizes = ({ train, validation, test }: ClassCounts, label: number): SplitSizes => ({
  train: train[label],
  validation: validation[label],
  test: test[label],
})

function classesOf(names: readonly string[], { labels, presplit }: ImageBuffer, { order, split }: DatasetSplit): PreviewClass[] {
  const apart = presplit.validation > 0 || presplit.test > 0
  const kept = countClasses(labels, names.length, order, split)
  const came = countClasses(labels, names.length, null, presplit)
  return names.map((name, label) => {
    return { name, count: imagesIn(sizes(kept, label)), parts: apart ? sizes(came, label) : null }
  })
}

/** From each class in turn, images spread evenly over those it has. */
async function readSamples(names: readonly string[], buffer: ImageBuffer, most: number): Promise<PreviewSample[]> {
  const places = names.map((): number[] => [])
  buffer.labels.forEach((label, i) => places[label].push(i))
  const rounds = Math.max(1, Math.ceil(most / names.length))
  const chosen: number[] = []
  for (let round = 0; round < rounds; round++) {
    for (const own of places) if (round < own.length) chosen.push(own[Math.floor((round * own.length) / Math.min(rounds, own.length))])
  }
  const { height, width, channels } = buffer.plan
  const size = height * width * channels
  const handle = await open(buffer.path, 'r')
  try {
    const samples: PreviewSample[] = []
    for (const place of chosen.slice(0, most)) {
      const pixels = new Uint8Array(size)
      await handle.read(pixels, 0, size, place * size)
      samples.push({ name: buffer.names[place], className: names[buffer.labels[place]], pixels })
    }
    return samples
  } finally {
    await handle.close()
  }
}
