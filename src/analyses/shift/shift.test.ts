import { beforeAll, describe, expect, it, test } from 'vitest'
import type { AnalysisTask } from '../../engine/job-runner/analysis-task.ts'
import { randomStream } from '../../engine/random/stream.ts'
import { layOut } from '../../engine/target-network/layout.ts'
import { contextTelling, scriptedSource } from '../../engine/training/testing/scripted.ts'
import { loadTensorFlow } from '../../main/engine-host/load-tensorflow.ts'
import { percentWithin } from '../../shared/statistics/in-words.ts'
import { meanInterval } from '../../shared/statistics/intervals.ts'
import { meanOf } from '../../shared/statistics/moments.ts'
import type { ResultRecord } from '../analysis.ts'
import { changed, rotated, type Picture } from './change.ts'
import { changeKinds, changes, severities } from './changes.ts'
import { shift, type ShiftResult } from './definition.ts'
import { changedSet, run } from './engine.ts'

beforeAll(() => loadTensorFlow())

const side = 20
/** A bright square off the centre, in colour. */
const picture = (channels = 1): Picture => ({
  height: side,
  width: side,
  channels,
  pixels: Float32Array.from({ length: side * side * channels }, (_, at) => {
    const [y, x] = [Math.floor(at / (side * channels)), Math.floor(at / channels) % side]
    return y >= 4 && y < 10 && x >= 8 && x < 16 ? 0.8 : 0.1
  }),
})
const change = (kind: (typeof changeKinds)[number], severity: number, of = picture()) =>
  changed(of, kind, severity, randomStream(1, 'shift', 0, severity))
const mean = (values: ArrayLike<number>) => Array.from(values).reduce((sum, one) => sum + one, 0) / values.length

test('a mean over kinds of change has no interval where all come to the same', () => {
  const figure = (value: number) => ({ value, interval: { low: value, high: value } })
  const cell = (value: number) => ({
    single: { accuracy: figure(value), loss: figure(1), error: figure(0) },
    mixture: { accuracy: figure(value), loss: figure(1), error: figure(0) },
    majority: figure(value),
  })
  const rows = (valueOf: (kind: number) => number) => {
    const kinds = changeKinds.map((kind, i) => ({ kind, cells: severities.map(() => cell(valueOf(i))) }))
    const result = { n: 2, images: 4, split: 'test', clean: cell(1), kinds }
    return shift.show({ networks: null, result } as unknown as ResultRecord<Record<string, never>, ShiftResult>).rows?.[1][1]
  }
  expect(rows(() => 0.5)).toContain('50.00\u00a0% [no interval: the same for every kind of change] single networks')
  expect(rows((kind) => 0.5 + 0.02 * kind)).not.toContain('no interval')
})

describe('changes', () => {
  it('are of an image alone, its seed and its place', () => {
    const images = Uint8Array.from({ length: 3 * 400 }, (_, i) => (i * 37) % 256)
    const set = { images, labels: Uint8Array.of(0, 1, 0), count: 3, height: side, width: side, channels: 1 }
    for (const kind of changeKinds) {
      const both = changedSet(set, 1, 2, kind, 3, 7)
      expect(both).toMatchObject({ count: 2, labels: Uint8Array.of(1, 0) })
      expect(changedSet(set, 1, 1, kind, 3, 7).images).toEqual(both.images.slice(0, 400))
    }
    expect(changedSet(set, 0, 1, 'noise', 3, 8).images).not.toEqual(changedSet(set, 0, 1, 'noise', 3, 7).images)
  })

  it.each(changeKinds)('%s goes further from the image with each severity', (kind) => {
    for (const channels of [1, 3]) {
      const of = picture(channels)
      const far = severities.map((severity) => mean(change(kind, severity, of).map((value, at) => (value - of.pixels[at]) ** 2)))
      for (const [i, one] of far.entries()) expect(one).toBeGreaterThan(i === 0 ? 0 : far[i - 1])
      expect(changes[kind].at).toHaveLength(severities.length)
    }
  })

  it('are what they say', () => {
    const { pixels } = picture()
    expect(mean(change('brightness', 2).map((value, at) => value - pixels[at]))).toBeCloseTo(0.2, 6)
    const flat = change('contrast', 5)
    expect(mean(flat)).toBeCloseTo(mean(pixels), 5)
    expect(Math.max(...flat) - Math.min(...flat)).toBeCloseTo(0.15 * 0.7, 5)
    const noise = change('noise', 5).map((value, at) => value - pixels[at])
    expect(Math.sqrt(mean(noise.map((value) => value ** 2)))).toBeCloseTo(0.38, 1)
    const hit = change('impulses', 5)
    expect(mean(hit.map((value) => Number(value === 0 || value === 1)))).toBeCloseTo(0.27, 1)
    expect(mean(change('occlusion', 5).map((value) => Number(value === 0.5)))).toBeCloseTo(0.36, 6)
    // A blur spreads and takes nothing away, but at the edge.
    expect(mean(change('blur', 3))).toBeCloseTo(mean(pixels), 3)
    // Nothing is added by moving, and the whole square is still there.
    for (const kind of ['rotation', 'displacement'] as const) {
      const moved = change(kind, 2)
      expect(Math.max(...moved)).toBeLessThanOrEqual(Math.fround(0.8))
      expect(mean(moved)).toBeCloseTo(mean(pixels), 1)
    }
  })

  it('turn an image by a right angle as one would by hand', () => {
    const quarter = { ...picture(), pixels: picture().pixels.slice() }
    const turned = rotated(quarter, Math.PI / 2)
    const by = (y: number, x: number) => quarter.pixels[y * side + x]
    for (const [y, x] of [
      [5, 9],
      [0, 0],
      [12, 3],
    ] as const)
      expect(turned[y * side + x]).toBeCloseTo(by(side - 1 - x, y), 4)
  })
})

/** One pixel, two classes: the second where it is brighter than the threshold of a network. */
const target = layOut({ input: { height: 1, width: 1, channels: 1 }, layers: [{ kind: 'dense', units: 2, activation: 'none' }] })
const thresholds = [0.3, 0.5]
async function ask(more: object = {}, slope = 20) {
  const source = scriptedSource(target, 7, {
    *networks(_seed, first, count) {
      for (let i = first; i < first + count; i++)
        yield { first: i, count: 1, weights: Float32Array.of(0, slope, 0, -slope * thresholds[i]) }
    },
  })
  const images = Uint8Array.from({ length: 24 }, (_, i) => (i % 2 === 0 ? 26 : 204))
  const task = {
    job: { options: {}, count: 2, seed: 7, ...more },
    context: contextTelling(),
    source: () => Promise.resolve(source),
    images: { images, labels: Uint8Array.from({ length: 24 }, (_, i) => i % 2), count: 24, height: 1, width: 1, channels: 1 },
    data: { classes: 2, split: { train: 2, validation: 2, test: 20 } },
    split: 'test',
  } as unknown as AnalysisTask<object>
  const { result, arrays } = await run(task)
  return { result, arrays, record: { result, options: {}, networks: null } as unknown as ResultRecord<Record<string, never>, ShiftResult> }
}

describe('distribution shift', () => {
  it('tells what networks still know when images become brighter', async () => {
    const { result, record } = await ask()
    expect(result).toMatchObject({ n: 2, images: 20, split: 'test' })
    expect(result.clean.single.accuracy.value).toBe(1)
    const brighter = result.kinds.find(({ kind }) => kind === 'brightness')!.cells
    // Dark images have 0.102: with 0.2 more the first network takes them for bright, with 0.4 more the second, too.
    expect(brighter.map(({ single }) => single.accuracy.value)).toEqual([1, 0.75, 0.75, 0.5, 0.5])
    const sure = (threshold: number, pixel: number) => 1 / (1 + Math.exp(-20 * (pixel - threshold)))
    const dark = (26 + 0.1 * 255) / 255
    const loss = (threshold: number) => -Math.log(1 - sure(threshold, Math.round(255 * dark) / 255))
    const bright = (threshold: number) => -Math.log(sure(threshold, Math.round(204 + 25.5) / 255))
    const both = (of: (threshold: number) => number) => (of(0.3) + of(0.5)) / 2
    expect(brighter[0].single.loss.value).toBeCloseTo((both(loss) + both(bright)) / 2, 2)
    const { rows, tables, charts } = shift.show(record)
    const [accuracy, nats, error, explained] = tables!
    // What stands in a table without the severities between is said above it.
    expect([accuracy, nats, error, explained].map(({ title }) => title)).toEqual([
      ...[
        'Accuracy at severities 1, 3 and 5',
        'Loss, nats at severities 1, 3 and 5',
        'Calibration error at severities 1, 3 and 5',
        'Severities',
      ],
    ])
    expect(accuracy.columns).toEqual(['change', 'severity', 'single networks', 'mixture', 'majority'])
    expect([accuracy, nats, error].map(({ rows: all }) => all.length)).toEqual([25, 25, 25])
    expect(accuracy.rows[0].slice(0, 3)).toEqual(['none', '0', '100.0\u00a0% [83.9,\u00a0100.0]'])
    expect(accuracy.rows.filter(([name]) => name === 'Brightness').map(([, severity]) => severity)).toEqual(['1', '3', '5'])
    expect(explained.rows).toHaveLength(8)
    // Eight kinds of change: their means have intervals over these, wherever they are told.
    const mixture = result.kinds.map(({ cells }) => cells[4].mixture.accuracy.value)
    const told = percentWithin(meanOf(mixture), meanInterval(mixture, 0, 1))
    expect(told).toContain('[')
    expect(Object.fromEntries(rows!)['accuracy, severity 5']).toContain(`${told} mixture`)
    expect(shift.headline(record)).toContain(`to ${told} as a mixture`)
    const all = result.kinds.map(({ cells }) => meanOf(cells.map((one) => one.mixture.accuracy.value)))
    expect(shift.figures![0].of(record)).toMatchObject({ value: meanOf(all), interval: meanInterval(all, 0, 1) })
    expect(charts?.[0]).toMatchObject({ kind: 'lines', lines: [{ x: [0, 1, 2, 3, 4, 5] }, {}, {}] })
    expect((await ask()).result).toEqual(result)
    expect(shift.total({}, 2)).toBe(41 * 2)
  })

  it('shows what each severity does to the first image of the split', async () => {
    const { record, arrays } = await ask()
    const [{ rows, names, shape, explanation }] = shift.pictures!(record, arrays!, ['dark', 'bright'])
    expect([rows.length, shape]).toEqual([changeKinds.length, [1, 1, 1]])
    expect(explanation).toBe('The first of the test images, dark, changed in each way, from severity 1 to 5.')
    const brighter = rows[changeKinds.indexOf('brightness')]
    expect(brighter.map(({ words }) => words)).toEqual(['1', '2', '3', '4', '5'])
    expect(names).toEqual(changeKinds.map((kind) => changes[kind].title))
    for (const [i, { pixels }] of brighter.entries()) expect(Math.abs(pixels[0] - 26 - 255 * changes.brightness.at[i])).toBeLessThan(0.51)
    // Older results have none.
    expect(shift.pictures!({ ...record, result: { ...record.result, label: undefined! } }, {}, [])).toEqual([])
  })

  it('is not told of networks that give no numbers', async () => {
    await expect(ask({}, NaN)).rejects.toThrow('Network 1 of those that were asked answers with no numbers')
  })
})
