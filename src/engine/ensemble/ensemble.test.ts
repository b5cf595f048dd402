import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { VoteAccuracies } from '../../analyses/ensemble/definition.ts'
import type { JobEvent } from '../../shared/engine-protocol.ts'
import { meanOf } from '../../shared/statistics/moments.ts'
import { contextTelling } from '../training/testing/scripted.ts'
import { randomStream } from '../random/stream.ts'
import { calibrate, calibrationOverImages, disagreement, disagreementSquare } from './calibration.ts'
import { quantile } from '../../shared/statistics/quantile.ts'
import { ensembleResult, type EnsembleQuestion } from './ensemble-result.ts'
import { Members } from './members.ts'
import { toMember, VoteTally } from './tally.ts'

const tallyOf = (members: number[][][]): VoteTally => {
  const images = members[0].length
  const classes = members[0][0].length
  const tally = new VoteTally(images, classes)
  for (const member of members) tally.add(toMember(Float32Array.from(member.flat()), images, classes))
  return tally
}

/** Probabilities of `networks` members that name the label with chance `skill`, [networks][images * classes]. */
const madeUp = (
  networks: number,
  images: number,
  classes: number,
  skill: number,
  seed = 1,
): { read: (network: number) => Float32Array; labels: Uint8Array } => {
  const labels = Uint8Array.from({ length: images }, (_, i) => i % classes)
  const all = Array.from({ length: networks }, (_, network) => {
    const stream = randomStream(seed, 'map', 0, network)
    const out = new Float32Array(images * classes)
    for (let image = 0; image < images; image++) {
      const named = stream.uniform() < skill ? labels[image] : stream.integer(classes)
      let sum = 0
      for (let c = 0; c < classes; c++)
        sum += out[image * classes + c] = 0.2 * stream.uniform() + (c === named ? 0.5 + stream.uniform() : 0)
      for (let c = 0; c < classes; c++) out[image * classes + c] /= sum
    }
    return out
  })
  return { read: (network) => all[network], labels }
}

interface Votes {
  members: number
  images: number
  classes: number
  labels: number[]
  /** 64ths, [members][images * classes]. */
  parts: number[][]
  alone: { mean: number; low: number; high: number }
  /** Majority, mean probability, most confident. */
  all: number[]
  pairs: Record<string, number[]>
  sixes: number[][]
  disagreement: number
  calibration: { confidence: number; accuracy: number; count: number }[]
  calibrationError: number
}
const numpy = JSON.parse(readFileSync(new URL('fixtures/votes.json', import.meta.url), 'utf8')) as Votes
const three = ({ majority, meanProbability, mostConfident }: VoteAccuracies): number[] => [majority, meanProbability, mostConfident]

/** Networks 1 apart in how many of 20 images each gets right, in no order of size. */
const graded = (rights: readonly number[]): { read: (network: number) => Float32Array; labels: Uint8Array } => ({
  labels: new Uint8Array(20),
  read: (network) => Float32Array.from({ length: 40 }, (_, at) => (at >> 1 < rights[network] === (at % 2 === 0) ? 0.75 : 0.25)),
})

describe('votes, as NumPy counts them', () => {
  const { members, images, classes, parts } = numpy
  const labels = Uint8Array.from(numpy.labels)
  const read = (network: number): Float32Array => Float32Array.from(numpy.parts[network], (part) => part / 64)
  const question = (more: Partial<EnsembleQuestion>): EnsembleQuestion => ({
    ...{
      networks: members,
      images,
      classes,
      labels,
      read,
      split: 'test',
      sizes: [1, members],
      draws: 1,
      seed: 0,
      context: contextTelling(),
    },
    ...more,
  })

  /** By the mean probability, the lowest class of equals. */
  const votesFor = (of: readonly number[]): number[] =>
    Array.from(labels, (_label, image) => {
      const sums = Array.from({ length: classes }, (_, c) => of.reduce((sum, one) => sum + parts[one][image * classes + c], 0))
      return sums.indexOf(Math.max(...sums))
    })
  const votesRight = (of: readonly number[]): boolean[] => votesFor(of).map((vote, image) => vote === labels[image])

  it('of all members, and of each alone', async () => {
    const result = await ensembleResult(question({}))
    const [alone, all] = result.sizes
    expect(result).toMatchObject({ n: members, images, split: 'test' })
    expect(alone).toMatchObject({ size: 1, draws: members })
    for (const [found, expected] of [
      [three(alone), numpy.alone.mean],
      [three(alone.low), numpy.alone.low],
      [three(alone.high), numpy.alone.high],
    ] as const)
      for (const value of found) expect(value).toBeCloseTo(expected, 12)
    expect(all).toMatchObject({ size: members, draws: 1 })
    for (const found of [all, all.low, all.high]) expect(three(found)).toEqual(numpy.all)
    expect(result.disagreement).toBeCloseTo(numpy.disagreement, 12)
    expect(result.calibrationError).toBeCloseTo(numpy.calibrationError, 6)
    for (const [bin, { confidence, accuracy, count }] of numpy.calibration.entries()) {
      expect(result.calibration[bin].confidence).toBeCloseTo(confidence, 6)
      expect(result.calibration[bin]).toMatchObject({ accuracy, count })
    }
  })

  it('beside the mean single one, image by image', async () => {
    const { beside, sizes, calibrationOver } = await ensembleResult(question({}))
    const { accuracy, loss, excess, errors } = beside!
    const each = [...Array(members).keys()].map((network) => {
      const said = (image: number) => Array.from({ length: classes }, (_, c) => parts[network][image * classes + c] / 64)
      return Array.from(labels, (label, image) => {
        const right = Number(votesRight([network])[image])
        return { right, loss: -Math.log(Math.max(said(image)[label], 1e-30)), excess: Math.max(...said(image)) - right }
      })
    })
    const average = (of: readonly number[]) => of.reduce((sum, value) => sum + value, 0) / of.length
    const single = (key: 'right' | 'loss' | 'excess') => Array.from(labels, (_, image) => average(each.map((one) => one[image][key])))
    const voted = votesRight([...Array(members).keys()]).map(Number)
    const gains = voted.map((right, image) => right - single('right')[image])
    expect(accuracy.single.mean).toBe(sizes[0].meanProbability)
    expect(accuracy.vote.mean).toBeCloseTo(sizes[1].meanProbability, 12)
    expect(accuracy.gain.mean).toBeCloseTo(average(gains), 12)
    expect(accuracy.gain.square).toBeCloseTo(average(gains.map((gain) => gain * gain)), 12)
    expect(loss.single.mean).toBeCloseTo(average(single('loss')), 9)
    expect(loss.single.square).toBeCloseTo(average(single('loss').map((one) => one * one)), 6)
    expect(loss.gain.mean).toBeCloseTo(loss.vote.mean - loss.single.mean, 9)
    // By the inequality of Jensen the vote's loss is at most the mean of its members'.
    expect(loss.gain.mean).toBeLessThan(0)
    expect(excess.single.mean).toBeCloseTo(average(single('excess')), 6)
    expect(excess.vote.mean).toBeCloseTo(calibrationOver!.excess.mean, 6)
    expect(errors).toHaveLength(members)
    const [first] = errors
    expect(first).toBeCloseTo(calibrate({ probabilities: read(0), labels, classes }).calibrationError, 12)
  })

  it('with the images of each class that all together take for each', async () => {
    const { confusion } = await ensembleResult(question({}))
    const voted = votesFor([...Array(members).keys()])
    for (let truth = 0; truth < classes; truth++)
      for (let vote = 0; vote < classes; vote++)
        expect(confusion![truth * classes + vote]).toBe(voted.filter((one, image) => one === vote && labels[image] === truth).length)
  })

  it('with what intervals over images need, of each alone and of all', async () => {
    const [alone, , all] = (await ensembleResult(question({ sizes: [1, 2, members], draws: 4 }))).sizes
    const rightOfAll = votesRight([...Array(members).keys()])
    const shares = Array.from(labels, (_, image) => [...Array(members).keys()].filter((one) => votesRight([one])[image]).length / members)
    const mean = (of: (image: number) => number) => shares.reduce((sum, _share, image) => sum + of(image), 0) / images
    for (const vote of ['majority', 'meanProbability', 'mostConfident'] as const) {
      expect(alone.overImages!.square[vote]).toBeCloseTo(
        mean((image) => shares[image] ** 2),
        12,
      )
      expect(all.overImages!.square[vote]).toBeCloseTo(all[vote], 12)
      expect(all.overImages!.withAll[vote]).toBeCloseTo(all[vote], 12)
    }
    expect(alone.overImages!.withAll.meanProbability).toBeCloseTo(
      mean((image) => shares[image] * Number(rightOfAll[image])),
      12,
    )
  })

  it('of random ensembles: each draw is one of those there are, and all are about equally likely', async () => {
    const drawn = new Map(Object.values(numpy.pairs).map((vote) => [String(vote), 0]))
    const expected = new Map<string, number>()
    for (const vote of Object.values(numpy.pairs)) expected.set(String(vote), (expected.get(String(vote)) ?? 0) + 1)
    const draws = 420
    for (let seed = 0; seed < draws; seed++) {
      const [pair, six] = (await ensembleResult(question({ sizes: [2, 6], seed }))).sizes
      expect(pair.low).toEqual(pair.high)
      expect(drawn.has(String(three(pair)))).toBe(true)
      drawn.set(String(three(pair)), drawn.get(String(three(pair)))! + 1)
      expect(numpy.sixes.map(String)).toContain(String(three(six)))
    }
    // Of 21 pairs each is expected 20 times, and some count alike.
    for (const [vote, count] of drawn) {
      const mean = (draws / 21) * expected.get(vote)!
      expect(Math.abs(count - mean)).toBeLessThan(4 * Math.sqrt(mean))
    }
  })

  it('of several draws: each begins anew, in the random order of its own', async () => {
    const draws = 9
    const [pair] = (await ensembleResult(question({ sizes: [2], draws, seed: 3 }))).sizes
    // The orders written down anew: Fisher-Yates on the stream of each draw.
    const drawn = Array.from({ length: draws }, (_, draw) => {
      const stream = randomStream(3, 'ensemble-draw', draw, 0)
      const order = Array.from({ length: members }, (_unused, i) => i)
      for (let i = members - 1; i > 0; i--) {
        const j = stream.integer(i + 1)
        ;[order[i], order[j]] = [order[j], order[i]]
      }
      return numpy.pairs[String(order.slice(0, 2).sort((a, b) => a - b))]
    })
    for (const [vote, found] of three(pair).entries()) {
      const sorted = drawn.map((accuracies) => accuracies[vote]).sort((a, b) => a - b)
      expect(found).toBeCloseTo(
        sorted.reduce((sum, value) => sum + value / draws, 0),
        12,
      )
      // Of nine sorted values the 5th percentile lies 0.4 from the first to the second.
      expect(three(pair.low)[vote]).toBeCloseTo(sorted[0] + 0.4 * (sorted[1] - sorted[0]), 12)
      expect(three(pair.high)[vote]).toBeCloseTo(sorted[8] - 0.4 * (sorted[8] - sorted[7]), 12)
    }
  })
})

describe('votes', () => {
  it('can each name another class', () => {
    // Two of three lean to 0; on average class 1 is ahead; the surest member says 2.
    const tally = tallyOf([[[0.41, 0.4, 0.19]], [[0.41, 0.4, 0.19]], [[0.02, 0.4, 0.58]]])
    expect(tally.decide(0)).toEqual({ majority: 0, meanProbability: 1, mostConfident: 2 })
    expect(tally.accuracies(Uint8Array.of(1))).toEqual({ majority: 0, meanProbability: 1, mostConfident: 0 })
  })

  it('count the images they get right', () => {
    const members = [
      [0.41, 0.4, 0.19],
      [0.41, 0.4, 0.19],
      [0.02, 0.4, 0.58],
    ].map((answer) => new Array<number[]>(6).fill(answer))
    const expected = { majority: 3 / 6, meanProbability: 2 / 6, mostConfident: 1 / 6 }
    const labels = Uint8Array.of(0, 1, 0, 2, 1, 0)
    const tally = tallyOf(members)
    expect(tally.accuracies(labels)).toEqual(expected)
    expect([...tally.meanProbabilities().subarray(0, 3)].map((p) => p.toFixed(6))).toEqual(['0.280000', '0.400000', '0.320000'])
    // Forgotten members leave nothing behind.
    tally.add(toMember(Float32Array.from(new Array<number[]>(6).fill([0, 0.01, 0.99]).flat()), 6, 3))
    tally.clear()
    expect(tally).toEqual(new VoteTally(6, 3))
    for (const member of members) tally.add(toMember(Float32Array.from(member.flat()), 6, 3))
    expect(tally.accuracies(labels)).toEqual(expected)
  })

  it('break a tied majority by mean probability among the tied classes only', () => {
    const tally = tallyOf([[[0.5, 0.02, 0.48]], [[0.03, 0.52, 0.45]]])
    expect(tally.decide(0)).toEqual({ majority: 1, meanProbability: 2, mostConfident: 1 })
  })

  it('break equal confidence by mean probability, and then by the lower class', () => {
    const sure = tallyOf([[[1, 0, 0]], [[0, 0, 1]], [[0.2, 0.2, 0.6]]])
    expect(sure.decide(0).mostConfident).toBe(2)
    const even = tallyOf([[[1, 0, 0]], [[0, 0, 1]]])
    expect(even.decide(0)).toEqual({ majority: 0, meanProbability: 0, mostConfident: 0 })
  })

  const distribution = fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 3, maxLength: 3 }).map((parts) => {
    const sum = parts.reduce((a, b) => a + b, 0)
    return parts.map((part) => (sum === 0 ? 1 / 3 : part / sum))
  })
  const ensembles = fc.array(fc.array(distribution, { minLength: 4, maxLength: 4 }), { minLength: 1, maxLength: 7 })

  it('do not depend on the order of members', () => {
    fc.assert(
      fc.property(
        ensembles.chain((members) => fc.tuple(fc.constant(members), fc.shuffledSubarray(members, { minLength: members.length }))),
        ([members, shuffled]) => {
          const one = tallyOf(members)
          const other = tallyOf(shuffled)
          for (let image = 0; image < 4; image++) expect(other.decide(image)).toEqual(one.decide(image))
          expect(disagreement(other)).toBe(disagreement(one))
        },
      ),
    )
  })

  it('are one and the same for one member, and for copies of it', () => {
    fc.assert(
      fc.property(ensembles, fc.integer({ min: 1, max: 5 }), ([first], copies) => {
        const tally = tallyOf(new Array<number[][]>(copies).fill(first))
        for (let image = 0; image < 4; image++) {
          const { majority, meanProbability, mostConfident } = tally.decide(image)
          expect(meanProbability).toBe(majority)
          expect(mostConfident).toBe(majority)
        }
        expect(disagreement(tally)).toBe(0)
      }),
    )
  })
})

describe('disagreement', () => {
  it('is the share of pairs that differ', () => {
    const a = [
      [1, 0, 0],
      [1, 0, 0],
    ]
    const b = [
      [0, 1, 0],
      [1, 0, 0],
    ]
    const c = [
      [0, 0, 1],
      [1, 0, 0],
    ]
    expect(disagreement(tallyOf([a, b]))).toBe(0.5)
    expect(disagreement(tallyOf([a, a, b]))).toBeCloseTo(1 / 3, 12)
    expect(disagreement(tallyOf([a, b, c]))).toBe(0.5)
    for (const [members, square] of [
      [[a, b], 0.5],
      [[a, a, b], 2 / 9],
      [[a, b, c], 0.5],
      [[a], 0],
    ] as const)
      expect(disagreementSquare(tallyOf([...members]))).toBeCloseTo(square, 12)
  })
})

describe('calibration', () => {
  it('is perfect where confidence is the share that is right', () => {
    const probabilities = Float32Array.from({ length: 8 }, (_, i) => (i % 2 === 0 ? 0.75 : 0.25))
    const { calibration, calibrationError } = calibrate({ probabilities, labels: Uint8Array.of(0, 0, 0, 1), classes: 2, bins: 10 })
    expect(calibrationError).toBeCloseTo(0, 12)
    expect(calibration[7]).toEqual({ confidence: 0.75, accuracy: 0.75, count: 4 })
    expect(calibration[3]).toEqual({ confidence: 0.35, accuracy: 0, count: 0 })
  })

  it('weighs each bin by its count, and takes confidence 1 into the last', () => {
    const { calibration, calibrationError } = calibrate({
      probabilities: Float32Array.of(1, 0, 1, 0, 0.5, 0.5, 0.375, 0.625),
      labels: Uint8Array.of(0, 1, 0, 1),
      classes: 2,
      bins: 10,
    })
    expect(calibration[9]).toEqual({ confidence: 1, accuracy: 0.5, count: 2 })
    expect(calibrationError).toBeCloseTo((2 * 0.5 + 0.5 + 0.375) / 4, 12)
    expect(calibration.reduce((sum, bin) => sum + bin.count, 0)).toBe(4)
  })
})

describe('ensembleResult', () => {
  const base = { networks: 30, images: 200, classes: 4, split: 'validation', draws: 20, seed: 5, context: contextTelling() } as const

  it('gives better ensembles with size, with bands around the mean', async () => {
    const result = await ensembleResult({ ...base, ...madeUp(30, 200, 4, 0.4), sizes: [1, 5, 15, 30] })
    expect(result.sizes.map(({ size, draws }) => [size, draws])).toEqual([
      [1, 30],
      [5, 20],
      [15, 20],
      [30, 1],
    ])
    const means = result.sizes.map((size) => size.meanProbability)
    for (let i = 1; i < means.length; i++) expect(means[i]).toBeGreaterThan(means[i - 1])
    for (const { low, high, majority, mostConfident } of result.sizes) {
      expect(low.majority).toBeLessThanOrEqual(majority)
      expect(high.majority).toBeGreaterThanOrEqual(majority)
      expect(low.mostConfident).toBeLessThanOrEqual(mostConfident)
    }
    const [alone, , , all] = result.sizes
    expect(alone.majority).toBe(alone.meanProbability)
    expect(all.low).toEqual(all.high)
    expect(result.disagreement).toBeGreaterThan(0)
  })

  it('is a function of its seed, however members are read', async () => {
    const { read, labels } = madeUp(30, 200, 4, 0.4)
    const options: EnsembleQuestion = { ...base, read, labels, sizes: [1, 7, 29] }
    const reused = new Float32Array(800)
    const slowly = async (network: number): Promise<Float32Array> => {
      await Promise.resolve()
      reused.set(read(network))
      return reused
    }
    const one = await ensembleResult(options)
    expect(await ensembleResult({ ...options, read: slowly })).toEqual(one)
    expect((await ensembleResult({ ...options, seed: 6 })).sizes[1]).not.toEqual(one.sizes[1])
    expect(one.sizes[2].draws).toBe(20)
  })

  it('reads members anew where there is no room to keep them', async () => {
    const { read } = madeUp(3, 10, 4, 0.5)
    let reads = 0
    const members = new Members((network) => (reads++, read(network)), 3, 10, 4, 2 * 10 * 18)
    for (const network of [0, 1, 2, 0, 1, 2]) expect(await members.get(network)).toEqual(toMember(read(network), 10, 4))
    expect(reads).toBe(4)
    // One byte less, and the second has none.
    const tighter = new Members((network) => (reads++, read(network)), 3, 10, 4, 2 * 10 * 18 - 1)
    for (const network of [0, 1, 0, 1]) await tighter.get(network)
    expect(reads).toBe(4 + 3)
  })

  it('has the mean of single networks, and percentiles between them', async () => {
    const { sizes } = await ensembleResult({ ...base, ...graded([12, 20, 4, 16, 8]), networks: 5, images: 20, classes: 2, sizes: [1] })
    expect(sizes).toMatchObject([{ size: 1, draws: 5 }])
    for (const [found, value] of [
      [sizes[0], 0.6],
      [sizes[0].low, 0.24],
      [sizes[0].high, 0.96],
    ] as const)
      for (const one of three(found)) expect(one).toBeCloseTo(value, 12)
  })

  it('draws no more ensembles of a size than there are', async () => {
    const { sizes } = await ensembleResult({ ...base, ...madeUp(6, 200, 4, 0.4), networks: 6, draws: 100, sizes: [1, 2, 3, 4, 5, 6] })
    expect(sizes.map(({ size, draws }) => [size, draws])).toEqual([
      [1, 6],
      [2, 15],
      [3, 20],
      [4, 15],
      [5, 6],
      [6, 1],
    ])
  })

  it('finds no loss beyond measure where all find the right class hardly possible', async () => {
    const read = () => Float32Array.of(1, 1e-9)
    const { beside } = await ensembleResult({ ...base, read, labels: Uint8Array.of(1), images: 1, classes: 2, networks: 3, sizes: [1] })
    expect(beside!.loss.vote.mean).toBeCloseTo(-Math.log(1e-9), 4)
    expect(beside!.loss.gain.mean).toBeCloseTo(0, 4)
  })

  it('takes one network', async () => {
    const { read, labels } = madeUp(1, 200, 4, 0.5)
    const result = await ensembleResult({ ...base, read, labels, networks: 1, sizes: [1] })
    expect(result.sizes).toHaveLength(1)
    expect(result.sizes[0].draws).toBe(1)
    expect(result.disagreement).toBe(0)
  })

  it('says how far it is', async () => {
    const events: JobEvent[] = []
    const made = madeUp(5, 200, 4, 0.5)
    await ensembleResult({ ...base, ...made, networks: 5, sizes: [3], context: contextTelling(events) })
    expect(events.at(-1)).toMatchObject({ type: 'progress', done: 65, total: 65 })
  })

  it('finds percentiles between neighbours', () => {
    expect(quantile([3], 0.95)).toBe(3)
    expect(quantile([0, 1, 2, 3, 4], 0.5)).toBe(2)
    expect(quantile([0, 10], 0.05)).toBeCloseTo(0.5, 12)
  })
})

it('an interval of a calibration error comes out again', () => {
  const labels = Uint8Array.from({ length: 40 }, (_, image) => Number(image % 5 === 0))
  const probabilities = Float32Array.from(labels, (_, image) => 0.5 + image / 80)
  const both = Float32Array.from({ length: 80 }, (_, at) => (at % 2 === 0 ? probabilities[at >> 1] : 1 - probabilities[at >> 1]))
  const found = calibrationOverImages({ probabilities: both, labels, classes: 2 }, 3)
  expect(calibrationOverImages({ probabilities: both, labels, classes: 2 }, 3)).toEqual(found)
  expect(calibrationOverImages({ probabilities: both, labels, classes: 2 }, 4)).not.toEqual(found)
  expect(found.excess.mean).toBeCloseTo(meanOf(probabilities) - 0.8, 6)
})
