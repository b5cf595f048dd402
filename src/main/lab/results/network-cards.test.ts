import { afterEach, beforeEach, expect, it } from 'vitest'
import { openLabBench } from '../testing/lab-bench.ts'
import type { LabBench } from '../testing/lab-bench.ts'
import { parseAssignment } from '../experiment/set-values.ts'
import { tinyBars, tinySettings } from '../testing/tiny-data.ts'

let bench: LabBench
beforeEach(async () => {
  bench = await openLabBench()
})
afterEach(() => bench.close())

/** Of images 130 to 134, the first of test, whose labels are 1, 2, 0, 1, 2: what network 1 says. */
const said = [
  [0.2, 0.7, 0.1],
  [0.5, 0.3, 0.2],
  [0.6, 0.3, 0.1],
  [0.1, 0.1, 0.8],
  [0.25, 0.25, 0.5],
]

/** Keeps what networks 0 and 1 say; network 0 is sure of class 0 everywhere. */
async function tell(
  id: string,
  more: { seed?: number; step?: number; split?: 'validation' | 'test'; images?: number } = {},
  second = said,
) {
  const { store } = bench.lab
  const run = store.runs.get(id)
  const { hash: checkpoint } = store.checkpoints.list(id).find(({ step }) => step === (more.step ?? 20))!
  const { seed = run.document.seed, split = 'test', images = 5 } = more
  const key = { run: id, checkpoint, seed, count: 2, dataset: run.document.data.id, split, images }
  const writer = await store.probabilities.begin(key, 3)
  await writer.write(
    0,
    Float32Array.from({ length: 3 * images }, (_, at) => (at % 3 === 0 ? 1 : 0)),
  )
  await writer.write(1, Float32Array.from(second.flat()))
  await writer.commit()
}

it('a card counts by hand what its network says of its images', async () => {
  const id = await bench.trained()
  await tell(id)
  const card = await bench.lab.cards.card(id, 1, { split: 'test', images: 5 })
  expect(card).toMatchObject({ run: id, step: 20, index: 1, images: 5, classNames: ['left', 'middle', 'right'], accuracy: 3 / 5 })
  expect(card.loss).toBeCloseTo(-Math.log(0.7 * 0.2 * 0.6 * 0.1 * 0.5) / 5, 6)
  expect(card.classAccuracies).toEqual([1, 1 / 2, 1 / 2])
  // Rows are true classes, columns what was named.
  expect([...card.confusion]).toEqual([1, 0, 0, 0, 1, 1, 1, 0, 1])
  expect(card.worst.predicted).toEqual([2, 0, 2, 0, 1])
  for (const [k, expected] of [0.1, 0.2, 0.5, 0.6, 0.7].entries()) expect(card.worst.probability[k]).toBeCloseTo(expected, 6)
  const { pictures } = card.worst
  const places = [133, 131, 134, 132, 130]
  expect([...pictures.indices]).toEqual(places)
  const { images } = tinyBars()
  expect([...pictures.pixels]).toEqual(places.flatMap((place) => [...images.subarray(place * 36, (place + 1) * 36)]))

  const other = await bench.lab.cards.card(id, 0, { split: 'test', images: 5 })
  expect(other).toMatchObject({ index: 0, accuracy: 1 / 5, classAccuracies: [1, 0, 0] })
  expect([...other.confusion]).toEqual([1, 0, 0, 2, 0, 0, 2, 0, 0])
})

it('a class that no image is of counts as never right', async () => {
  const id = await bench.trained()
  await tell(id, { images: 2 }, said.slice(0, 2))
  expect(await bench.lab.cards.card(id, 1, { split: 'test', images: 2 })).toMatchObject({ accuracy: 1 / 2, classAccuracies: [0, 1, 0] })
})

it('a card is of the split, the seed and the checkpoint asked for', async () => {
  const id = await bench.trained()
  const right = said.map(() => [0.9, 0.05, 0.05])
  await tell(id)
  const card = (more: object) => bench.lab.cards.card(id, 1, { split: 'test', images: 5, ...more })
  for (const other of [{ split: 'validation' }, { seed: 77 }, { at: 15 }, { images: 4 }])
    await expect(card(other)).rejects.toMatchObject({ code: 'not-found' })
  await expect(bench.lab.cards.card(id, 2, { split: 'test', images: 5 })).rejects.toMatchObject({ code: 'not-found' })
  await tell(id, { split: 'validation' }, right)
  await tell(id, { seed: 77 }, right)
  await tell(id, { step: 15 }, right)
  expect(await card({})).toMatchObject({ accuracy: 3 / 5, step: 20 })
  // Images 110 to 114 are of classes 2, 0, 1, 2, 0.
  expect(await card({ split: 'validation' })).toMatchObject({ accuracy: 2 / 5 })
  expect([...(await card({ split: 'validation' })).worst.pictures.indices.slice(-2)]).toEqual([111, 114])
  expect(await card({ seed: 77 })).toMatchObject({ accuracy: 1 / 5, seed: 77 })
  expect(await card({ at: 15 })).toMatchObject({ accuracy: 1 / 5, step: 15 })
})

it('a bookmark has the accuracy of the evaluation on most images, of that seed and checkpoint', async () => {
  const { lab } = bench
  const id = await bench.trained()
  const evaluate = async (count: number, images: number, more: object = {}) =>
    (await lab.analyses.run(id, { kind: 'evaluation', count, split: 'validation', images, ...more })).result.result.accuracies
  expect(lab.cards.bookmark(id, 1, { label: 'untested' }).accuracy).toBeNull()
  const few = await evaluate(4, 5)
  await evaluate(2, 10)
  const seed = await evaluate(6, 20, { seed: 9 })
  const early = await evaluate(3, 20, { at: 15 })
  const bookmark = (index: number, more: object = {}) => lab.cards.bookmark(id, index, { label: 'good', ...more })
  const most = (await evaluate(2, 10))[1]
  const between = await evaluate(3, 6)
  expect(bookmark(1)).toMatchObject({ index: 1, label: 'good', accuracy: most })
  // Network 2 was not among those tested on most images, and network 3 was among those tested on fewer images alone.
  expect(bookmark(2).accuracy).toBe(between[2])
  expect(bookmark(3).accuracy).toBe(few[3])
  expect(bookmark(4).accuracy).toBeNull()
  expect(bookmark(5, { seed: 9 }).accuracy).toBe(seed[5])
  expect(bookmark(2, { at: 15 }).accuracy).toBe(early[2])
})

it('a card has the filters of its own network, once they were sampled', async () => {
  const id = await bench.trained()
  await tell(id)
  const filters = async (index: number) => (await bench.lab.cards.card(id, index, { split: 'test', images: 5 })).filters
  expect(await filters(1)).toBeNull()
  const [first, second] = [await bench.lab.filters.ofNetwork(id, 0, {}), await bench.lab.filters.ofNetwork(id, 1, {})]
  expect(second.values).not.toEqual(first.values)
  expect([await filters(0), await filters(1)]).toEqual([first, second])
  // Those of the run's first networks are the same, one behind the other.
  const at = bench.lab.store.checkpoints.list(id).find(({ step }) => step < 20)!.step
  const { networks, values } = await bench.lab.filters.ofRun(id, at)
  const before = [await bench.lab.filters.ofNetwork(id, 0, { at }), await bench.lab.filters.ofNetwork(id, 1, { at })]
  expect(networks).toBe(4)
  expect([...values.slice(0, 2 * first.values.length)]).toEqual(before.flatMap((one) => [...one.values]))
})

it('of a run of few networks all have filters, and no more', async () => {
  const few = await bench.lab.runs.create({
    from: 'mnist-ensemble',
    data: 'bars',
    settings: [...tinySettings.slice(0, 1), 'method.networks=2', 'training.steps=2'].map(parseAssignment),
  })
  await bench.lab.runs.train(few.id)
  const { networks, values } = await bench.lab.filters.ofRun(few.id, 0)
  const second = await bench.lab.filters.ofNetwork(few.id, 1, { at: 0 })
  expect(networks).toBe(2)
  expect([...values.slice(second.values.length)]).toEqual([...second.values])
})
