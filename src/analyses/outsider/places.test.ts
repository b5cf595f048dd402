import { beforeAll, expect, it } from 'vitest'
import type { AnalysisTask } from '../../engine/job-runner/analysis-task.ts'
import { layOut } from '../../engine/target-network/layout.ts'
import { contextTelling, scriptedSource } from '../../engine/training/testing/scripted.ts'
import { loadTensorFlow } from '../../main/engine-host/load-tensorflow.ts'
import type { OutsiderOptions } from './definition.ts'
import { run } from './engine.ts'

beforeAll(() => loadTensorFlow())

/** One pixel, two classes: a network says the second one with the logit slope * (pixel / 255 - middle). */
const target = layOut({ input: { height: 1, width: 1, channels: 1 }, layers: [{ kind: 'dense', units: 2, activation: 'none' }] })
interface Network {
  slope: number
  middle: number
}
/** Images of splits before the one that is asked about, and those of it. */
interface Data {
  before: number[]
  asked: number[]
}
const setOf = ({ before, asked }: Data) => {
  const count = before.length + asked.length
  return { images: Uint8Array.from([...before, ...asked]), labels: new Uint8Array(count), count, height: 1, width: 1, channels: 1 }
}
/** @param own begins with training and validation images, as does the outsider */
async function ask(own: Data, outside: Data, networks: Network[], seed = 7) {
  const sizes = ({ before, asked }: Data) => ({ train: before.length - 1, validation: 1, test: asked.length })
  const source = scriptedSource(target, seed, {
    *networks(_seed, first, count) {
      for (let i = first; i < first + count; i++)
        yield { first: i, count: 1, weights: Float32Array.of(0, networks[i].slope, 0, -networks[i].slope * networks[i].middle) }
    },
  })
  const task = {
    job: { options: { outside: 'b' }, count: networks.length, seed, outside: { name: 'letters', split: sizes(outside) } },
    context: contextTelling(),
    source: () => Promise.resolve(source),
    images: setOf(own),
    outside: setOf(outside),
    data: { classes: 2, split: sizes(own) },
    split: 'test',
  } as unknown as AnalysisTask<OutsiderOptions>
  return (await run(task)).result
}

const said = ({ slope, middle }: Network, pixel: number) => 1 / (1 + Math.exp(-slope * (pixel / 255 - middle)))
const mixed = (networks: Network[], pixel: number) => networks.reduce((sum, one) => sum + said(one, pixel), 0) / networks.length
const doubt = (p: number) => 1 - Math.max(p, 1 - p)
/** Of a pixel its doubt, where no two images have the same. */
type Doubt = (pixel: number) => number
const roc = (own: number[], outside: number[], of: Doubt) =>
  outside.flatMap((b) => own.map((a) => Number(of(b) > of(a)))).reduce((sum, one) => sum + one, 0) / (own.length * outside.length)
/** Mean over those sought of the share that are sought ones among all images at least as likely to be. */
const averagePrecision = (sought: number[], others: number[], likely: Doubt) => {
  const atLeast = (pixels: number[], as: number) => pixels.filter((pixel) => likely(pixel) >= likely(as)).length
  return sought.reduce((sum, one) => sum + atLeast(sought, one) / (atLeast(sought, one) + atLeast(others, one)), 0) / sought.length
}

/** Images of no two the same: those asked about lie behind as many others as tell nothing or the contrary. */
const own: Data = { before: [3, 1, 2], asked: Array.from({ length: 36 }, (_, i) => 60 + ((55 * i) % 195)) }
const outside: Data = { before: [250, 254, 248, 252, 246, 244, 242], asked: Array.from({ length: 24 }, (_, i) => 3 + ((35 * i) % 180)) }
const networks = [
  { slope: 6, middle: 0.07 },
  { slope: 9, middle: 0.31 },
]

it('are asked about from where their own split begins, and sought as outsiders and as own images', async () => {
  const { mixture, single, gain, ...more } = await ask(own, outside, networks)
  expect(more).toMatchObject({ images: 36, outside: { images: 24 } })
  const byMixture: Doubt = (pixel) => doubt(mixed(networks, pixel))
  const alone = networks.map(
    (one): Doubt =>
      (pixel) =>
        doubt(said(one, pixel)),
  )
  const mean = (of: (by: Doubt) => number) => (of(alone[0]) + of(alone[1])) / 2
  const measured = {
    roc: (by: Doubt) => roc(own.asked, outside.asked, by),
    outside: (by: Doubt) => averagePrecision(outside.asked, own.asked, by),
    own: (by: Doubt) => averagePrecision(own.asked, outside.asked, (pixel) => -by(pixel)),
  }
  for (const measure of ['roc', 'outside', 'own'] as const) {
    expect(mixture.confidence[measure].value).toBeCloseTo(measured[measure](byMixture), 6)
    expect(single.confidence[measure].value).toBeCloseTo(mean(measured[measure]), 6)
  }
  expect(mixture.confidence.own.value).not.toBeCloseTo(mixture.confidence.outside.value, 1)
  expect(gain.confidence.value).toBeCloseTo(measured.roc(byMixture) - mean(measured.roc), 6)
  expect(Math.abs(gain.confidence.value)).toBeGreaterThan(0.01)
})

it('gain nothing from networks that are all the same, whatever images are drawn', async () => {
  const { mixture, gain } = await ask(own, outside, [networks[1], networks[1]])
  const { low, high } = mixture.confidence.roc.interval!
  expect(high - low).toBeGreaterThan(0.1)
  for (const { value, interval } of Object.values(gain)) {
    expect(value).toBeCloseTo(0, 9)
    expect(interval!.low).toBeCloseTo(0, 9)
    expect(interval!.high).toBeCloseTo(0, 9)
  }
})

it('have a gain that lies in its interval', async () => {
  const { gain } = await ask(own, outside, networks)
  const { value, interval } = gain.confidence
  expect(interval!.low).toBeLessThan(value)
  expect(interval!.high).toBeGreaterThan(value)
})

it('have intervals of their seed', async () => {
  const [first, again, other] = [await ask(own, outside, networks), await ask(own, outside, networks), await ask(own, outside, networks, 8)]
  expect(again).toEqual(first)
  expect(other.mixture.entropy.roc.value).toBe(first.mixture.entropy.roc.value)
  expect(other.mixture.entropy.roc.interval).not.toEqual(first.mixture.entropy.roc.interval)
  expect(other.gain.entropy.interval).not.toEqual(first.gain.entropy.interval)
})
