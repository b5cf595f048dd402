import { beforeAll, describe, expect, it } from 'vitest'
import type { AnalysisTask } from '../../engine/job-runner/analysis-task.ts'
import type { NetworkSource } from '../../engine/methods/network-source.ts'
import { layOut } from '../../engine/target-network/layout.ts'
import { Pacer } from '../../engine/job/pacer.ts'
import { createTargetProgram } from '../../engine/target-network/target-program.ts'
import { contextTelling, scriptedSource } from '../../engine/training/testing/scripted.ts'
import { loadTensorFlow } from '../../main/engine-host/load-tensorflow.ts'
import { wilson } from '../../shared/statistics/intervals.ts'
import type { Analysis, ResultRecord } from '../analysis.ts'
import { optionWords } from '../option-facts.ts'
import { settleRequest } from '../request.ts'
import {
  adversarial,
  attackedOf,
  perturbationsOf,
  shownOf,
  transferPlace,
  type AdversarialOptions,
  type AdversarialResult,
} from './definition.ts'
import { descend, imageGradient, perturbed, targetOf } from '../../engine/analysis/attack.ts'
import { run } from './engine.ts'

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

const standard: AdversarialOptions = {
  ...{ attack: 'fgsm', steps: 10, randomStart: true, madeOn: 1, transferAt: 30 },
  ...{ goal: 'untargeted', largest: 120, every: 20, clip: false },
}

async function attack(options: Partial<AdversarialOptions>, more: object = {}, of: object = {}) {
  const source = sourceOf(weightsOf)
  const settled = { ...standard, ...options }
  const task = {
    job: { options: settled, count: 6, images: 4, seed: 7, ...more },
    context: contextTelling(),
    source: () => Promise.resolve(source),
    images: { images, labels, count: 6, height: 2, width: 2, channels: 1 },
    data: { classes: 2, split: { train: 1, validation: 1, test: 4 } },
    split: 'test',
    ...of,
  } as unknown as AnalysisTask<AdversarialOptions>
  const { result, arrays } = await run(task)
  return {
    result,
    arrays,
    record: { result, options: settled, networks: null } as unknown as ResultRecord<AdversarialOptions, AdversarialResult>,
  }
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

  it('are asked about every image, however many networks share the images among them', async () => {
    const set = { images, labels: Uint8Array.of(0, 0, 1, 0, 1, 0), count: 6, height: 2, width: 2, channels: 1 }
    const seen = new Set<number>()
    for (const count of [2, 6, 12, 18, 30]) {
      const { attacked, kept } = (
        await attack({ every: 120 }, { count }, { images: set, source: () => Promise.resolve(sourceOf(() => weightsOf(0))) })
      ).result
      seen.add(4 % attacked)
      expect([count, kept]).toEqual([count, 4])
    }
    expect(Math.max(...seen)).toBeGreaterThan(0)
  })

  it('are put to the vote of all others, not to that of one', async () => {
    // The first of the others is always taken in, even by nothing; the next four see what is attacked.
    const of = (index: number) => (index === 1 ? linear([-1, -1, -1, -1], -2) : weightsOf(0))
    const { result } = await attack({ every: 120 }, {}, { source: () => Promise.resolve(sourceOf(of)) })
    expect(result.sizes?.map(({ size, curve }) => [size, curve.wrong[0].mean])).toEqual([
      [1, 1],
      [5, 0],
    ])
    expect(result.curves.vote.wrong[0].mean).toBe(0)
  })

  it('have targets as the seed says', () => {
    const drawn = (seed: number) => Array.from({ length: 40 }, (_, image) => targetOf(seed, image, 0, 10))
    expect(drawn(3)).toEqual(drawn(3))
    expect(drawn(3)).not.toEqual(drawn(4))
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
      '3 test images made to fool one network: half of them fool it at 120 / 255 [0,\u00a0above\u00a0120], and the majority of 5 others at 120 / 255 [0,\u00a0above\u00a0120]',
    )
    const { record: weak } = await attack({ largest: 40 })
    expect(adversarial.headline(weak)).toMatch(/fool it at no perturbation up to 40 \/ 255/)
    expect(adversarial.show(record).rows?.[0][1]).toBe('3 of the first 4 test images: those that the attacked network classifies correctly')
  })

  it('tell those that err from the start from those that are fooled', async () => {
    // The first of the others is always taken in, even by nothing.
    const of = (index: number) => (index === 1 ? linear([-1, -1, -1, -1], -2) : weightsOf(0))
    const { result, record } = await attack({ every: 120 }, { count: 4 }, { source: () => Promise.resolve(sourceOf(of)) })
    const { rows = [] } = adversarial.show(record)
    expect(rows).toContainEqual(['half fooled, one other network', expect.stringMatching(/^is wrong on 100.* before any change$/)])
    const each = expect.stringMatching(/^at 120 \/ 255 \[0,\u00a0above\u00a0120\] \(wrong on 33.* before any change\)$/) as string
    expect(rows).toContainEqual(['half fooled, other networks, each alone', each])
    expect(rows).toContainEqual(['half fooled, attacked network', 'at 120 / 255 [0,\u00a0above\u00a0120]'])
    // Of many images the share that is fooled leaves little room:the change is told where it is clear on both sides.
    const many = structuredClone(record)
    many.result.kept = 300
    many.result.perturbations = [0, 60, 120]
    const wrongOn = (...means: number[]): void => {
      const curve = { wrong: means.map((mean) => ({ mean, square: mean })), target: null }
      many.result.curves = { attacked: curve, others: curve, vote: curve }
    }
    many.options.goal = 'untargeted'
    many.result.sizes = []
    wrongOn(0, 0.48, 0.52)
    const half = () => adversarial.show(many).rows?.find(([name]) => name === 'half fooled, attacked network')?.[1]
    expect(half()).toBe('at 120 / 255 [60,\u00a0above\u00a0120]')
    wrongOn(0, 0.4, 0.6)
    expect(half()).toBe('at 120 / 255 [120,\u00a0120]')
    // What a program reads has its interval, and so has what older results left out.
    expect(result.curves.others.wrong[0]).toMatchObject({ mean: 1 / 3, interval: { low: expect.any(Number) as number } })
    const older = structuredClone(record)
    for (const one of Object.values(older.result.curves)) for (const share of one.wrong) delete share.interval
    expect(adversarial.show(older)).toEqual(adversarial.show(record))
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
    expect(perturbationsOf({ largest: 7, every: 3 })).toEqual([0, 3, 6])
    expect([4, 9, 10, 50, 300].map((n) => attackedOf(n))).toEqual([1, 1, 2, 10, 10])
    expect([19, 20, 21, 255].map((transferAt) => transferPlace([0, 20, 40], { ...standard, transferAt }))).toEqual([0, 1, 1, 2])
  })

  it('are made on a few together by the gradient of what these say in the mean', async () => {
    const program = await createTargetProgram(target)
    const members = [linear([3, -1, 2, 0.5], 1), linear([-2, 1, 1, 0], 0.25), linear([0.5, 4, -1, 1], 2)]
    const pixels = Float32Array.of(0.2, 0.6, 0.1, 0.9, 0.5, 0.4, 0.8, 0.3)
    const labels = Int32Array.of(1, 0)
    const loss = (at: Float32Array, image: number): number => {
      const said = members.map((weights) => program.probabilities(weights, at, 1, 2)[2 * image + labels[image]])
      return -Math.log(said.reduce((sum, p) => sum + p) / members.length)
    }
    const gradient = imageGradient(program, members, pixels, labels)
    for (const [i, slope] of gradient.entries()) {
      const [up, down] = [0.005, -0.005].map((by) => loss(pixels.with(i, pixels[i] + by), i >> 2))
      expect(slope).toBeCloseTo((up - down) / 0.01, 3)
    }
  })

  it('go by PGD as far as may be and no further, from a start that the seed draws', async () => {
    const asked = { seed: 7, first: 0, k: 51, pixels: Float32Array.of(0.5, 0.05, 0.9), size: 3, pacer: new Pacer(contextTelling()) }
    const step = () => Float32Array.of(1, -1, 0)
    const plain = { ...asked, step, steps: 10, randomStart: false }
    const led = await descend({ ...plain, clip: false })
    for (const [i, value] of [0.7, -0.15, 0.9].entries()) expect(led[i]).toBeCloseTo(value, 6)
    expect((await descend({ ...plain, clip: true }))[1]).toBe(0)
    const short = await descend({ ...plain, clip: false, steps: 2, stepSize: 5.1 })
    for (const [i, value] of [0.54, 0.01, 0.9].entries()) expect(short[i]).toBeCloseTo(value, 6)
    // It follows the slope where it is: of a valley it finds the bottom, wherever it began.
    const toHalf = (at: Float32Array) => at.map((value) => Math.sign(0.6 - value))
    const drawn = await descend({ ...asked, step: toHalf, steps: 200, stepSize: 1, randomStart: true, clip: true })
    expect(Math.abs(drawn[0] - 0.6)).toBeLessThan(0.005)
    const still = { ...asked, step: () => new Float32Array(3), steps: 1, randomStart: true, clip: false }
    const [once, again] = [await descend(still), await descend(still)]
    expect(once).toEqual(again)
    expect(once[0]).not.toBe(0.5)
    expect(await descend({ ...still, seed: 8 })).not.toEqual(once)
    // Evenly within the perturbation, to either side.
    const wide = { ...still, pixels: new Float32Array(3000).fill(0.5), size: 3000, step: () => new Float32Array(3000) }
    const starts = [...(await descend(wide))].map((value) => (value - 0.5) / 0.2)
    expect(Math.abs(starts.reduce((sum, one) => sum + one, 0) / 3000)).toBeLessThan(0.05)
    expect(starts.reduce((sum, one) => sum + one * one, 0) / 3000).toBeCloseTo(1 / 3, 1)
    // The second of two images begins where it does by itself.
    const two = { ...still, pixels: Float32Array.of(...asked.pixels, ...asked.pixels), step: () => new Float32Array(6) }
    const both = await descend(two)
    expect(both.subarray(0, 3)).toEqual(once)
    expect(both.subarray(3)).not.toEqual(once)
    expect(both.subarray(3)).toEqual(await descend({ ...still, first: 1 }))
    for (const [i, value] of once.entries()) expect(Math.abs(value - asked.pixels[i])).toBeLessThanOrEqual(0.2 + 1e-6)
  })

  it('by PGD fool a linear network where one step does, and not sooner', async () => {
    const { result } = await attack({ attack: 'pgd' })
    expect(result.curves.attacked.wrong.map(({ mean }) => mean)).toEqual([0, 0, 0, 0, 0, 0, 1])
    expect(adversarial.show((await attack({ attack: 'pgd', steps: 3 })).record).rows).toContainEqual([
      'attack',
      'PGD of 3 steps from a random start, untargeted, pixels as they come',
    ])
  })

  it('say in which steps they were tested, and of tables which perturbations these tell', async () => {
    const { record } = await attack({})
    const { tables, notes } = adversarial.show(record)
    expect([tables?.[0].title, tables?.[0].rows.length]).toEqual(['Error rate', 7])
    expect(notes?.join(' ')).toContain('they were tested every 20 / 255.')
    const { result } = record
    const finer = { ...record, result: { ...result, perturbations: Array.from({ length: 13 }, (_, at) => 10 * at) } }
    const double = (shares: readonly object[]) => shares.flatMap((share) => [share, share]).slice(0, 13)
    const curves = Object.fromEntries(Object.entries(result.curves).map(([name, one]) => [name, { ...one, wrong: double(one.wrong) }]))
    const [skipping] = adversarial.show({ ...finer, result: { ...finer.result, curves, sizes: [] } } as unknown as typeof record).tables!
    expect(skipping.title).toBe('Error rate, every 20 / 255')
    expect(skipping.rows.map(([perturbation]) => perturbation)).toEqual([0, 20, 40, 60, 80, 100, 120].map((k) => `${k} / 255`))
  })

  it('of who fools whom have as many decimals in all of the table', async () => {
    const { record } = await attack({ transferAt: 100 }, { count: 24 })
    const [few, many] = [8, 1000]
    const images = [
      [few, many],
      [few, many],
    ]
    const transfer = { ...record.result.transfer!, images, fooled: images.map((row) => row.map((n) => n / 2)) }
    const { rows } = adversarial.show({ ...record, result: { ...record.result, transfer } }).tables!.at(-1)!
    expect(rows.flatMap((row) => row.slice(1)).map((cell) => cell.split('\u00a0')[0])).toEqual(Array(4).fill('50.0'))
  })

  it('are asked of majorities by their size, and tell who fools whom', async () => {
    // Of 24 networks four are attacked, each on one of the images; the even ones look at all pixels, the odd ones at the first.
    const { result, record } = await attack({ transferAt: 119 }, { count: 24 })
    expect(result).toMatchObject({ attacked: 4, fresh: 20, kept: 3 })
    expect(result.sizes?.map(({ size }) => size)).toEqual([1, 5, 20])
    expect(result.sizes?.at(-1)?.curve).toEqual(result.curves.vote)
    // At 100 / 255 nobody is fooled; the fourth image is right for none.
    expect(result.transfer).toEqual({
      perturbation: 100,
      images: [...Array<number[]>(3).fill([1, 1, 1, 1]), [0, 0, 0, 0]],
      fooled: Array(4).fill([0, 0, 0, 0]),
      others: { mean: 0, square: 0, interval: wilson(0, 3) },
      on: 3,
    })
    const far = (await attack({ transferAt: 255 }, { count: 24 })).result.transfer!
    // What is made on all pixels fools also those that look at the first alone, but not the other way round.
    expect(far.fooled).toEqual([
      [1, 1, 1, 1],
      [0, 1, 0, 1],
      [1, 1, 1, 1],
      [0, 0, 0, 0],
    ])
    expect(far.others.mean).toBeCloseTo((1 + 1 / 3 + 1) / 3, 12)
    const table = adversarial.show(record).tables?.at(-1)
    expect([table?.title, table?.rows[0]]).toEqual([
      'Transfer between attacked networks at 100 / 255',
      ['1', ...Array<string>(4).fill('0\u00a0% [0,\u00a079] of 1')],
    ])
    expect((await attack({})).result.transfer).toBeUndefined()
    // An attacked network that errs on unchanged images (1) is fooled by none of them, and its own images do not count.
    const of = (index: number) => (index === 1 ? linear([-1, -1, -1, -1], -2) : weightsOf(index))
    const erring = (await attack({ transferAt: 255 }, { count: 24 }, { source: () => Promise.resolve(sourceOf(of)) })).result.transfer!
    expect(erring.images).toEqual([
      [1, 0, 1, 1],
      [0, 0, 0, 0],
      [1, 0, 1, 1],
      [0, 0, 0, 0],
    ])
    expect(erring.on).toBe(2)
  })

  it('are shown as they were and as they are asked about, with what they are taken for', async () => {
    expect(shownOf([3, 5])).toEqual([3, 5])
    const many = shownOf(Array.from({ length: 100 }, (_, at) => 7 * at))
    expect([many.length, many[0]]).toEqual([8, 0])
    const { result, arrays, record } = await attack({ transferAt: 255 })
    // Of the four images the last is not kept.
    expect(result.shown).toEqual({
      perturbation: 120,
      of: [1, 0, 1].map((label, image) => ({ image, label, target: null, attacked: 1 - label, vote: 1 - label })),
    })
    const [{ rows, shape, title }] = adversarial.pictures!(record, arrays!, ['dark', 'bright'])
    expect([title, shape]).toEqual(['Images changed by 120 / 255', [2, 2, 1]])
    expect(rows[0].map(({ pixels, words }) => [pixels[0], words])).toEqual([
      [228, 'bright'],
      [0, 'away'],
      [108, 'dark, majority dark'],
    ])
    // Older results have none.
    expect(adversarial.pictures!({ ...record, result: { ...result, shown: undefined } }, {}, [])).toEqual([])
  })

  it('are made on groups that leave others to try them on', async () => {
    const { result, record } = await attack({ madeOn: 2 }, { count: 24 })
    expect(result).toMatchObject({ madeOn: 2, attacked: 2, fresh: 20 })
    expect(adversarial.headline(record)).toMatch(/images made to fool 2 networks together: half of them fool these at/)
    expect(() => adversarial.check!({ ...standard, madeOn: 48 }, 50)).toThrow('need at least 3 others to be tried on')
    expect(() => adversarial.check!({ ...standard, madeOn: 47 }, 50)).not.toThrow()
    expect([attackedOf(100, 10), attackedOf(50, 20), attackedOf(1000, 3)]).toEqual([2, 1, 10])
  })
})
