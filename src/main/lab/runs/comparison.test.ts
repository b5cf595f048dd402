/** What stands out where runs stand side by side: only what the interval of a difference carries, on the same images. */
import { writeFile } from 'node:fs/promises'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { score } from '../../../shared/scores.ts'
import { unpairedInterval, wilson } from '../../../shared/statistics/intervals.ts'
import { openLabBench } from '../testing/lab-bench.ts'
import type { LabBench } from '../testing/lab-bench.ts'

let bench: LabBench
beforeEach(async () => {
  bench = await openLabBench()
})
afterEach(() => bench.close())

const images = 20

/** Of other seeds: runs of the same bits share what was said. */
async function runs(count: number): Promise<string[]> {
  const made: string[] = []
  for (let seed = 1; seed <= count; seed++) made.push(await bench.trained(`seed=${seed}`))
  return made
}

/** One network of a run that is wrong on these test images, tested on as many; @param kept what it said of each */
async function test(id: string, wrong: readonly number[], { kept = true, on = images, networks = null as number[] | null } = {}) {
  const { store } = bench.lab
  const { document } = store.runs.get(id)
  const { hash: checkpoint, step } = store.checkpoints.list(id).at(-1)!
  const labels = (await store.datasets.labels(document.data)).subarray(130, 130 + on)

  const probabilities = Float32Array.from(
    [...labels.keys()].flatMap((image) => [0, 1, 2].map((one) => answer(one, labels[image], wrong.includes(image)))),
  )
  const key = { run: id, checkpoint, seed: document.seed, count: 1, dataset: document.data.id, split: 'test' as const, images: on }
  if (kept) {
    const writer = await store.probabilities.begin(key, 3)
    await writer.write(0, probabilities)
    await writer.commit()
  }
  const { accuracy, loss } = score(probabilities, labels, 3)
  const squares = { accuracy, loss: loss * loss }
  const result = {
    ...{ n: 1, images: on, split: 'test', mean: accuracy, std: 0, min: accuracy, max: accuracy, loss, entropy: null },
    squares,
  }
  const found = { ...result, accuracies: [accuracy], losses: [loss], seconds: 1 }
  store.results.add({ ...key, kind: 'evaluation', step, networks, options: {}, result: found }, null)
  return accuracy
}

/** Sure by 0.8 of the label, or else of the next class. */
const answer = (one: number, label: number, isWrong: boolean): number => (one === (isWrong ? (label + 1) % 3 : label) ? 0.8 : 0.1)

async function surely(...ids: string[]): Promise<Record<string, number | null>> {
  const { columns } = await bench.lab.comparison.compare(ids)
  return Object.fromEntries(columns.map(({ label, surely: place }) => [label, place]))
}

const few = [3, 4]
const many = [3, 4, 5, 6, 7, 8, 9]

it('image by image where answers are kept: what each interval alone could not tell', async () => {
  const [a, b] = await runs(2)
  const [low, high] = [await test(a, many), await test(b, few)]
  expect([low, high]).toEqual([0.65, 0.9])
  // By the two intervals alone nothing is told: the difference could be nothing.
  const apart = unpairedInterval({ value: high, interval: wilson(high, images) }, { value: low, interval: wilson(low, images) })!
  expect(apart.low).toBeLessThan(0)
  expect(await surely(a, b)).toMatchObject({ 'Mean network': 1, Loss: 1 })
  expect(await surely(b, a)).toMatchObject({ 'Mean network': 0 })
  // A maximum was chosen on these images.
  expect((await surely(a, b))['Best network']).toBeNull()
})

it('of the run that it is of, beside others that nothing was found of', async () => {
  const [a, b] = await runs(2)
  const none = await bench.trained('seed=9', 'evaluation.every=0')
  await test(a, many)
  await test(b, few)
  expect((await surely(none, a, b))['Mean network']).toBe(2)
  expect((await surely(b, none, a))['Mean network']).toBe(0)
  const { results } = await bench.lab.comparison.compare([none, a, b])
  expect(results.map(({ run, values }) => [run, values[0]?.value ?? null])).toEqual([
    [none, null],
    [a, 0.65],
    [b, 0.9],
  ])
})

it('from the interval of each where they are not', async () => {
  const [a, b, c] = await runs(3)
  await test(a, many, { kept: false })
  await test(b, few)
  expect((await surely(a, b))['Mean network']).toBeNull()
  await test(c, [...Array(images).keys()], { kept: false })
  expect((await surely(c, b))['Mean network']).toBe(1)
  // A plain maximum is nothing where one comes near.
  expect((await surely(a, b, c))['Mean network']).toBeNull()
})

it('a damaged cache is no answer, and its interval remains', async () => {
  const [a, b] = await runs(2)
  await test(a, many)
  await test(b, few)
  const { store } = bench.lab
  const [{ path, bytes }] = store.probabilities.list(a)
  await writeFile(path, Buffer.alloc(bytes))
  expect((await surely(a, b))['Mean network']).toBeNull()
})

it('answers are kept of the comparison before, and no longer', async () => {
  const [a, b, c] = await runs(3)
  await test(a, many)
  await test(b, few)
  expect((await surely(a, b))['Mean network']).toBe(1)
  const [{ path, bytes }] = bench.lab.store.probabilities.list(a)
  await writeFile(path, Buffer.alloc(bytes))
  expect((await surely(a, b))['Mean network']).toBe(1)
  await surely(b, c)
  expect((await surely(a, b))['Mean network']).toBeNull()
})

it('nothing where images, or networks, are other ones, or were picked by hand', async () => {
  const [a, b, c] = await runs(3)
  await test(a, many)
  await test(b, [], { on: 10 })
  await test(c, few, { networks: [4] })
  expect((await surely(a, b))['Mean network']).toBeNull()
  expect((await surely(a, c))['Mean network']).toBeNull()
})
