/** Colours scaled by the training images: filled in where a run is made, and the same ever after. */
import { afterEach, beforeEach, expect, it } from 'vitest'
import { parseAssignment } from '../../main/lab/experiment/set-values.ts'
import { addDataset } from '../../main/store/testing/samples.ts'
import { openLabBench, type LabBench } from '../../main/lab/testing/lab-bench.ts'
import { tinyBars, tinySettings } from '../../main/lab/testing/tiny-data.ts'
import { filterPictures, hasLocalPictures } from '../../shared/filter-pictures.ts'
import { meanOf } from '../../shared/statistics/moments.ts'
import { layOut } from '../../shared/target-layout.ts'
import { layerSchema, type Layer } from '../registry.ts'

/** Brighter from one to the next, so that it matters which ones train. */
const images = Uint8Array.from(tinyBars().images, (value, i) => (value * (Math.floor(i / 36) + 1)) / 150)

let bench: LabBench
beforeEach(async () => {
  bench = await openLabBench()
  await addDataset(bench.lab.store, { ...tinyBars(), images }, 'bars')
})
afterEach(() => bench.close())

const end: Layer = { kind: 'dense', units: 3, activation: 'none' }
const scaling = (settings = {}): Layer => layerSchema.parse({ kind: 'pixel-scaling', ...settings })
const request = (first: Layer) => ({
  from: 'mnist-quick',
  data: 'bars',
  settings: [
    ...tinySettings.filter((text) => !/^(target|method.generators)/.test(text)).map(parseAssignment),
    { key: 'target.layers', value: [first, end] },
    { key: 'method.generators', value: [[5]] },
  ],
})
/** As they are seen, from 0 to 1. */
const seen = (bytes: Uint8Array): number[] => Array.from(bytes, (value) => value / 255)

it('takes mean and deviation of the images that train, and keeps what was given', async () => {
  const { lab } = bench
  const { document } = await lab.runs.create(request(scaling({ mean: [0.25] })))
  const [first] = document.target.layers as unknown as { mean: number[]; deviation: number[] }[]
  const trained = seen(images.subarray(0, 110 * 36))
  expect(first.mean).toEqual([0.25])
  expect(first.deviation[0]).toBeCloseTo(Math.sqrt(meanOf(trained.map((value) => (value - meanOf(trained)) ** 2))), 3)
  // Of a split dealt anew other images train.
  const split = { from: 'all' as const, train: 60, validation: 20, test: 20, seed: 4, accept: ['equal-across-splits' as const] }
  const dealt = await lab.runs.create({ ...request(scaling()), split })
  const { data, target } = dealt.document
  const own = await lab.store.datasets.pixels(data, [...Array(60).keys()])
  expect((target.layers[0] as unknown as { mean: number[] }).mean[0]).toBeCloseTo(meanOf(seen(own)), 3)
  // The document says them: made again, on whatever, it is the same.
  expect((await lab.runs.create({ from: { document: dealt.document } })).documentHash).toBe(dealt.documentHash)
  const plan = await lab.planning.plan(request(scaling()))
  const sets = [...plan.command.matchAll(/--set '?([^ ']+)/g)].map(([, text]) => parseAssignment(text))
  expect(await lab.runs.document({ from: 'mnist-quick', data: 'bars', settings: sets })).toEqual(plan.document)
})

it('is refused where it cannot be, by the name of its place', () => {
  const targetOf = (...layers: Layer[]) => ({ input: { height: 6, width: 6, channels: 3 }, layers: [...layers, end] })
  expect(() => layOut(targetOf({ kind: 'max-pool', size: 2 }, scaling()))).toThrow(
    'target.layers[1]: a pixel-scaling layer works on the images themselves.',
  )
  expect(() => layOut(targetOf({ kind: 'residual', layers: [scaling()], shortcut: [], activation: 'none' }))).toThrow(
    'target.layers[0].layers[0]: a pixel-scaling layer works on the images themselves.',
  )
  expect(() => layOut(targetOf(scaling({ deviation: [1] })))).toThrow(
    'target.layers[0]: its deviation has 1 number, but the images have 3 channels.',
  )
  expect(() => scaling({ deviation: [0] })).toThrow()
})

it('leaves what the next layer reads to be seen, as without it', () => {
  const convolution = layerSchema.parse({ kind: 'convolution', kernel: 3, filters: 2 })
  const layoutOf = (...layers: Layer[]) => layOut({ input: { height: 6, width: 6, channels: 1 }, layers: [...layers, convolution, end] })
  const [plain, scaled] = [layoutOf(), layoutOf(scaling({ mean: [0.3], deviation: [0.2] }))]
  const weights = Float32Array.from({ length: plain.weightCount }, (_, i) => i)
  expect(hasLocalPictures(scaled)).toBe(true)
  expect(filterPictures(scaled, weights, false)).toEqual(filterPictures(plain, weights, false))
})
