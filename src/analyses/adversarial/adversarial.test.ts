import { beforeAll, describe, expect, it } from 'vitest'
import type { AnalysisTask } from '../../engine/job-runner/analysis-task.ts'
import type { NetworkSource } from '../../engine/methods/network-source.ts'
import { layOut } from '../../engine/target-network/layout.ts'
import { contextTelling, scriptedSource } from '../../engine/training/testing/scripted.ts'
import { loadTensorFlow } from '../../main/engine-host/load-tensorflow.ts'
import type { Analysis, ResultRecord } from '../analysis.ts'
import { optionWords } from '../option-facts.ts'
import { settleRequest } from '../request.ts'
import { adversarial, attackedOf, perturbationsOf, type AdversarialOptions, type AdversarialResult } from './definition.ts'
import { perturbed, run, targetOf } from './engine.ts'

beforeAll(() => loadTensorFlow())

/** Four pixels, two classes, no layer between: the second class is chosen where the sum of pixels times `slope` is above `level`. */
const target = layOut({ input: { height: 2, width: 2, channels: 1 }, layers: [{ kind: 'dense', units: 2, activation: 'none' }] })
const linear = (slope: readonly number[], level: number): Float32Array =>
  Float32Array.from([...slope.flatMap((one) => [0, one]), 0, -level])

/** Even networks look at all pixels, odd ones at the first alone. */
const weightsOf = (index: number): Float32Array => (index % 2 === 0 ? linear([1, 1, 1, 1], 2) : linear([1, 0, 0, 0], 0.5))

/** 100 / 255 above, or below, where networks change their mind: images of the second class and of the first. */
const bright = [228, 228, 228, 228]
const dark = [27, 27, 27, 27]
const images = Uint8Array.from([...dark, ...dark, ...bright, ...dark, ...bright, ...dark])
const labels = Uint8Array.of(0, 0, 1, 0, 1, 1)

/** Blocks are of two; any seed but 7 gives nothing. */
const sourceOf = (of: (index: number) => Float32Array): NetworkSource =>
  scriptedSource(target, 7, {
    latent: 1,
    *networks(seed, first, count) {
      for (let at = first; seed === 7 && at < first + count; at += 2) {
        const some = Array.from({ length: Math.min(2, first + count - at) }, (_, i) => [...of(at + i)])
        yield { first: at, count: some.length, weights: Float32Array.from(some.flat()) }
      }
    },
  })

async function attack(options: Partial<AdversarialOptions>, more: object = {}, of: object = {}) {
  const source = sourceOf(weightsOf)
  const settled = { goal: 'untargeted' as const, largest: 120, every: 20, clip: false, ...options }
  const task = {
    job: { options: settled, count: 6, images: 4, seed: 7, ...more },
    context: contextTelling(),
    source: () => Promise.resolve(source),
    images: { images, labels, count: 6, height: 2, width: 2, channels: 1 },
    data: { classes: 2, split: { train: 1, validation: 1, test: 4 } },
    split: 'test',
    ...of,
  } as unknown as AnalysisTask<AdversarialOptions>
  const { result } = await run(task)
  return { result, record: { result, options: settled, networks: null } as unknown as ResultRecord<AdversarialOptions, AdversarialResult> }
}

describe('adversarial examples', () => {
  it('fool a linear network as soon as its margin is used up, and others by what they share with it', async () => {
    const { result } = await attack({})
    // Of six networks the first is attacked. Of the four test images the last is dark, but called bright: not kept.
    expect(result).toMatchObject({ attacked: 1, fresh: 5, images: 4, kept: 3, split: 'test', perturbations: [0, 20, 40, 60, 80, 100, 120] })
    const wrong = (name: 'attacked' | 'others' | 'vote') => result.curves[name].wrong.map(({ mean }) => mean)
    // All pixels are moved by k / 255: from 228 down to 127.5, at k = 101.
    expect(wrong('attacked')).toEqual([0, 0, 0, 0, 0, 0, 1])
    expect(wrong('others')).toEqual([0, 0, 0, 0, 0, 0, 1])
    expect(wrong('vote')).toEqual([0, 0, 0, 0, 0, 0, 1])
  })

  it('that leave most pixels alone do not fool those that look at the others', async () => {
    // The first network is the one that looks at the first pixel alone.
    const source = sourceOf((index) => (index === 0 ? linear([1, 0, 0, 0], 0.5) : linear([1, 1, 1, 1], 2)))
    const { curves } = (await attack({ every: 120 }, { count: 4 }, { source: () => Promise.resolve(source) })).result
    expect(curves.attacked.wrong.map(({ mean }) => mean)).toEqual([0, 1])
    expect(curves.others.wrong.map(({ mean }) => mean)).toEqual([0, 0])
    expect(curves.vote.wrong.map(({ mean }) => mean)).toEqual([0, 0])
  })

  it('with two classes have the other one for a target', async () => {
    const { result } = await attack({ goal: 'targeted' })
    expect(result.curves.attacked.target).toEqual(result.curves.attacked.wrong)
    expect((await attack({})).result.curves.vote.target).toBeNull()
  })

  it('have targets that are never the right class, each about as often', () => {
    const counts = [0, 0, 0, 0]
    for (let image = 0; image < 3000; image++) counts[targetOf(3, image, 2, 4)]++
    expect(counts[2]).toBe(0)
    for (const count of [counts[0], counts[1], counts[3]]) expect(Math.abs(count - 1000)).toBeLessThan(120)
    const belowTheLast = [0, 0, 0, 0]
    for (let image = 0; image < 3000; image++) belowTheLast[targetOf(3, image, 3, 4)]++
    expect(belowTheLast[3]).toBe(0)
    for (const count of belowTheLast.slice(0, 3)) expect(Math.abs(count - 1000)).toBeLessThan(120)
  })

  it('that are targeted go towards their target, and not merely away', async () => {
    // Grey is the first class, brighter the second, darker the third: 0.4 away, where four pixels of k / 255 come at k = 26.
    const three = layOut({ input: { height: 2, width: 2, channels: 1 }, layers: [{ kind: 'dense', units: 3, activation: 'none' }] })
    const weights = Float32Array.of(...Array.from({ length: 4 }, () => [0, 1, -1]).flat(), 0, -2.4, 1.6)
    const grey = { images: new Uint8Array(16 * 4).fill(127), labels: new Uint8Array(16) }
    const { result } = await attack(
      { goal: 'targeted', largest: 30, every: 10 },
      { count: 2, images: 16 },
      {
        source: () =>
          Promise.resolve(
            scriptedSource(three, 7, {
              latent: 1,
              *networks(_seed, first, count) {
                yield { first, count, weights: Float32Array.from(Array.from({ length: count }, () => [...weights]).flat()) }
              },
            }),
          ),
        images: { ...grey, count: 16, height: 2, width: 2, channels: 1 },
        data: { classes: 3, split: { train: 0, validation: 0, test: 16 } },
      },
    )
    expect(result.curves.attacked.target?.map(({ mean }) => mean)).toEqual([0, 0, 0, 1])
    expect(result.curves.attacked.wrong).toEqual(result.curves.attacked.target)
  })

  it('are clipped where that is wanted', () => {
    const pixels = Float32Array.of(0, 0.5, 1)
    const signs = Float32Array.of(-1, 1, 1)
    expect([...perturbed(pixels, signs, 51, true)]).toEqual([0, Math.fround(0.7), 1])
    expect([...perturbed(pixels, signs, 51, false)]).toEqual([Math.fround(-0.2), Math.fround(0.7), Math.fround(1.2)])
  })

  it('say at which perturbation half are fooled, or that none does', async () => {
    const { record } = await attack({})
    expect(adversarial.headline(record)).toBe(
      '3 test images made to fool one network: half of them fool it at 120 / 255, and the majority of 5 others at 120 / 255',
    )
    const { record: weak } = await attack({ largest: 40 })
    expect(adversarial.headline(weak)).toMatch(/fool it not even at 40 \/ 255/)
    expect(adversarial.show(record).rows?.[0][1]).toBe('3 of the first 4 test images: those that the attacked network gets right')
  })

  it('need images that are got right', async () => {
    await expect(attack({}, { images: 1, seed: 7 })).resolves.toBeDefined()
    const wrong = Uint8Array.of(0, 0, 0, 1, 0, 1)
    const kept = labels.slice()
    labels.set(wrong)
    await expect(attack({}).finally(() => labels.set(kept))).rejects.toThrow('get none of these 4 images right')
  })

  it('are as they come, not clipped, by a word of the command line', () => {
    const options = settleRequest({ kind: 'adversarial', options: { clip: false } }).options
    expect(optionWords(adversarial as unknown as Analysis, options, 100)).toEqual(['--no-clip'])
    expect(() => settleRequest({ kind: 'adversarial', options: { largest: 5, every: 6 } })).toThrow(/Steps of 6 \/ 255 never come/)
  })

  it('go in steps, and attack a fifth of the networks, at most ten', () => {
    expect(perturbationsOf({ goal: 'targeted', largest: 7, every: 3, clip: true })).toEqual([0, 3, 6])
    expect([4, 9, 10, 50, 300].map(attackedOf)).toEqual([1, 1, 2, 10, 10])
  })
})
