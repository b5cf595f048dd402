/** What a person is shown of an import before it is kept. */
import { open } from 'node:fs/promises'
import type { ImportPreview, PreviewClass, PreviewSample } from '../../shared/dataset-import.ts'
import type { Dealt, Split } from './split-dataset.ts'
import { describePlan } from './plan.ts'
import type { Pool } from './image-buffer.ts'
import type { Survey } from './reader.ts'

const mostSamples = 50
const mostSizes = 10

export async function makePreview(
  format: string,
  survey: Survey,
  pool: Pool,
  dealt: Dealt,
  notes: readonly string[],
): Promise<ImportPreview> {
  const { changed, words } = describePlan(survey.sizes, pool.plan)
  return {
    format,
    recognised: survey.recognised,
    files: survey.files,
    count: pool.labels.length,
    classes: countClasses(survey.classNames, pool),
    sizes: survey.sizes.slice(0, mostSizes),
    plan: pool.plan,
    changed,
    changes: words,
    samples: await readSamples(survey.classNames, pool),
    duplicates: pool.duplicates,
    unreadable: pool.unreadable,
    labelColumn: survey.labelColumn,
    suggestedSplit: dealt.split,
    order: dealt.words,
    notes: [...notes],
  }
}

function countClasses(names: readonly string[], { labels, came }: Pool): PreviewClass[] {
  const apart = came.validation > 0 || came.test > 0
  const counts = names.map((): Split => ({ train: 0, validation: 0, test: 0 }))
  labels.forEach((label, i) => {
    counts[label][i < came.train ? 'train' : i < came.train + came.validation ? 'validation' : 'test']++
  })
  return names.map((name, label) => {
    const { train, validation, test } = counts[label]
    return { name, count: train + validation + test, parts: apart ? counts[label] : null }
  })
}

/** From each class in turn, images spread evenly over those it has. */
async function readSamples(names: readonly string[], pool: Pool): Promise<PreviewSample[]> {
  const places = names.map((): number[] => [])
  pool.labels.forEach((label, i) => places[label].push(i))
  const rounds = Math.max(1, Math.ceil(mostSamples / names.length))
  const chosen: number[] = []
  for (let round = 0; round < rounds; round++) {
    for (const own of places) if (round < own.length) chosen.push(own[Math.floor((round * own.length) / Math.min(rounds, own.length))])
  }
  const { height, width, channels } = pool.plan
  const size = height * width * channels
  const handle = await open(pool.path, 'r')
  try {
    const samples: PreviewSample[] = []
    for (const place of chosen.slice(0, mostSamples)) {
      const pixels = new Uint8Array(size)
      await handle.read(pixels, 0, size, place * size)
      samples.push({ name: pool.names[place], className: names[pool.labels[place]], pixels })
    }
    return samples
  } finally {
    await handle.close()
  }
}
