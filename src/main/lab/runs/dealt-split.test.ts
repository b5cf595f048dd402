/** A run whose split is dealt anew: whoever reads its images reads them in that order, and is asked about equal ones. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { basisInWords, basisOf } from '../../../analyses/basis.ts'
import { dealtOrder } from '../../../shared/deal.ts'
import type { EngineJob } from '../../../shared/engine-protocol.ts'
import type { Data } from '../../../shared/experiment.ts'
import type { SplitRequest } from '../../../shared/split-request.ts'
import { addDataset } from '../../store/testing/samples.ts'
import { dataNotes } from '../formats/data-notes.ts'
import { parseAssignment } from '../experiment/set-values.ts'
import { openLabBench } from '../testing/lab-bench.ts'
import type { LabBench } from '../testing/lab-bench.ts'
import { tinyBars, tinySettings } from '../testing/tiny-data.ts'

const size = 36
/** Bars that all differ, but for a pair of which both are imported for training. */
const images = tinyBars().images
for (let image = 0; image < 150; image++) images[size * image] = image
images.copyWithin(3 * size, 0, size)

let bench: LabBench
beforeEach(async () => {
  bench = await openLabBench()
  await addDataset(bench.lab.store, { ...tinyBars(), images }, 'twins')
})
afterEach(() => bench.close())

const settings = tinySettings.map(parseAssignment)
const request = (split?: SplitRequest) => ({ from: 'mnist-quick', data: 'twins', settings, ...(split === undefined ? {} : { split }) })
const whole: SplitRequest = { from: 'all', train: 0.4, validation: 0.4, test: 0.2, seed: 7 }
const split = { train: 60, validation: 60, test: 30 }
/** With this seed the pair comes apart. */
const leaking = { ...whole, seed: 3 }
const pixelsOf = (places: Iterable<number>) => [...places].flatMap((place) => [...images.subarray(place * size, (place + 1) * size)])

it('stands in the document as counts, and is left out where none is asked for', async () => {
  const { document } = await bench.lab.runs.create(request(whole))
  expect(document.data).toMatchObject({ split, deal: { seed: 7, first: 150 } })
  expect((await bench.lab.runs.create(request())).document.data).not.toHaveProperty('deal')
})

it('comes along with a document, and with the command that its plan shows; other data are split as they were imported', async () => {
  const { lab } = bench
  const run = await lab.runs.create(request({ ...leaking, accept: ['equal-across-splits'] }))
  const again = await lab.runs.create({ from: { document: run.document } })
  expect(again.documentHash).toBe(run.documentHash)
  const { command } = await lab.planning.plan({ from: { document: run.document } })
  const sets = [...command.matchAll(/--set '?([^ ']+)/g)].map(([, text]) => parseAssignment(text))
  expect((await lab.runs.create({ from: 'mnist-quick', data: 'twins', settings: sets })).document.data).toEqual(run.document.data)
  expect((await lab.runs.document({ from: { document: run.document }, split: { from: 'imported' } })).data).toEqual({
    id: run.document.data.id,
    split: tinyBars().suggestedSplit,
  })
  expect((await lab.runs.document({ from: { document: run.document }, data: 'bars' })).data).not.toHaveProperty('deal')
})

it.each<[string[], string, SplitRequest?]>([
  [['data.deal.seed=1', 'data.deal.first=151'], '"twins" has 150 images'],
  [['data.deal.seed=1', 'data.deal.first=129'], '129 are dealt anew'],
  [['data.deal.seed=1', 'data.deal.first=0'], 'data.deal.first is 0'],
  [['data.deal.seed=1'], 'data.deal.first is missing'],
  [['data.split.train=9'], 'chosen twice', whole],
])('%j is refused', async (texts, message, asked) => {
  const sets = [...settings, ...texts.map(parseAssignment)]
  await expect(bench.lab.runs.create({ ...request(asked), settings: sets })).rejects.toMatchObject({
    code: 'invalid-argument',
    message: expect.stringContaining(message) as string,
  })
})

describe('images that are equal on both sides', () => {
  it('are a doubt of the plan, and no run is made until it is answered', async () => {
    const { lab } = bench
    expect((await lab.planning.plan(request(whole))).doubts).toEqual([])
    const { doubts } = await lab.planning.plan(request(leaking))
    const message =
      '1 of 60 validation images is also among those for training, to the last pixel (image 0): accuracies on them would flatter.'
    expect(doubts).toEqual([{ code: 'equal-across-splits', message }])
    await expect(lab.runs.create(request(leaking))).rejects.toMatchObject({
      ...{ code: 'doubtful', message },
      help: { settings: { accept: 'equal-across-splits' } },
    })
    const { document } = await lab.runs.create(request({ ...leaking, accept: ['equal-across-splits'] }))
    expect(document.data.deal).toEqual({ seed: 3, first: 150, accept: 'equal-across-splits' })
    const { deal: _deal, ...rest } = document.data
    const asked = { ...document, data: { ...rest, deal: { seed: 3, first: 150 } } }
    await expect(lab.runs.create({ from: { document: asked } })).rejects.toMatchObject({ code: 'doubtful' })
    expect((await lab.runs.create({ from: { document: asked }, split: { accept: ['equal-across-splits'] } })).documentHash).toBe(
      (await lab.runs.create({ from: { document } })).documentHash,
    )
  })
})

describe('classes that a deal leaves a part without', () => {
  const { labels } = tinyBars()
  /** The last class has two images, both for training as they were imported. */
  const rare = labels.map((label, i) => (i < 2 ? 2 : label === 2 ? i % 2 : label))
  const dealt = (seed: number): SplitRequest => ({ from: 'all', train: 60, validation: 60, test: 30, seed })
  const trained = (seed: number) =>
    [...dealtOrder({ split, deal: { seed, first: 150 } }, 150)!].slice(0, 60).some((place) => rare[place] === 2)
  const seeds = Array.from({ length: 50 }, (_, seed) => seed)
  const data = 'rare'
  beforeEach(async () => {
    await addDataset(bench.lab.store, { ...tinyBars(), images, labels: rare }, data)
  })

  it('are a doubt where they do not train, and said where they are accepted', async () => {
    const { lab } = bench
    const seed = seeds.find((one) => !trained(one))!
    const accept: SplitRequest['accept'] = ['equal-across-splits']
    const asked = { ...request({ ...dealt(seed), accept }), data }
    const { doubts } = await lab.planning.plan(asked)
    expect(doubts).toEqual([
      { code: 'untrained-class', message: expect.stringMatching(/^1 of 3 classes has no image for training, and 2/) as string },
    ])
    await expect(lab.runs.create(asked)).rejects.toMatchObject({
      ...{ code: 'doubtful', message: doubts[0].message },
      help: { settings: { accept: 'untrained-class' } },
    })
    const both = { ...asked, split: { ...asked.split, accept: [...accept, 'untrained-class' as const] } }
    const { document } = await lab.runs.create(both)
    expect(document.data.deal?.accept).toEqual(['equal-across-splits', 'untrained-class'])
    expect(await lab.planning.plan({ from: { document } })).toMatchObject({
      doubts: [],
      notes: expect.arrayContaining([doubts[0].message]) as string[],
    })
    const again = await lab.runs.create({ ...asked, split: dealt(seed), from: { document } }).catch((error: unknown) => error)
    expect(again, 'another split is asked about again').toMatchObject({ code: 'doubtful' })
  })

  it('are said where they train and are not judged, as they were imported too', async () => {
    const { lab } = bench
    const { doubts, notes } = await lab.planning.plan({ ...request(), data })
    expect({ doubts, notes }).toEqual({
      doubts: [],
      notes: ['validation', 'test'].map((part) => expect.stringMatching(new RegExp(`^No ${part} image is of the class `)) as string),
    })
  })
})

describe('whoever reads images', () => {
  let data: Data
  let order: Uint32Array
  let run: string
  const jobs: EngineJob[] = []
  beforeEach(async () => {
    const { engine, lab } = bench
    jobs.length = 0
    const { run: work } = engine
    engine.run = (job, handlers) => (jobs.push(job), work(job, handlers))
    const made = await lab.runs.create(request(whole))
    run = made.id
    data = made.document.data
    order = dealtOrder(data, 150)!
    await lab.runs.train(run)
  })

  it('the engine is told the order, for training and for every analysis', async () => {
    const { lab } = bench
    for (const kind of ['evaluation', 'ensemble', 'distillation'] as const)
      await lab.analyses.run(run, { kind, count: 4, ...(kind === 'ensemble' ? { options: { sizes: [1, 4] } } : {}) })
    const read = jobs.flatMap((job) => ('data' in job && job.data !== undefined ? [job.data] : []))
    expect(read.length).toBeGreaterThan(3)
    for (const one of read) expect(one).toMatchObject({ split, order })
  })

  it('the store gives pixels and labels in that order', async () => {
    const { datasets } = bench.lab.store
    const { labels } = tinyBars()
    expect([...(await datasets.labels(data))]).toEqual([...order].map((place) => labels[place]))
    expect([...(await datasets.pixels(data, [0, 1, 149]))]).toEqual(pixelsOf([order[0], order[1], order[149]]))
  })

  it('a network’s card judges and shows the images of its split', async () => {
    const { lab } = bench
    await lab.analyses.run(run, { kind: 'evaluation', count: 1, split: 'test', images: 5 })
    const { confusion, worst } = await lab.cards.card(run, 0, { split: 'test', images: 5 })
    const places = [...order].slice(120, 125)
    const { labels } = tinyBars()
    for (const label of [0, 1, 2])
      expect(confusion.subarray(3 * label, 3 * label + 3).reduce((sum, n) => sum + n)).toBe(
        places.filter((place) => labels[place] === label).length,
      )
    expect([...worst.pictures.indices].sort()).toEqual(places.toSorted())
    expect([...worst.pictures.pixels]).toEqual(pixelsOf(worst.pictures.indices))
    expect([...worst.pictures.labels]).toEqual([...worst.pictures.indices].map((place) => labels[place]))
  })

  it('results, files of networks and `show` say so, and no other run has their basis', async () => {
    const { lab } = bench
    const { result } = await lab.analyses.run(run, { kind: 'evaluation', count: 1, images: 5 })
    const words = 'validation images of 60 + 60 + 30 dealt anew from 150 images, seed 7'
    expect(basisInWords(basisOf(result))).toContain(`first 5 ${words}`)
    const during = lab.store.results.list(run, { during: true })
    expect(basisInWords(basisOf(during[0]))).toContain(words)
    expect(dataNotes(lab.store.datasets.get(data.id), data)).toContain('dealt anew from 150 images, seed 7')
  })
})
