/** For each kind of interval that the lab tells, made-up measurements of which the truth is known. */
import { worthsOf } from '../../src/analyses/uncertainty/engine.ts'
import { bandOf, voteInterval } from '../../src/analyses/ensemble/definition.ts'
import { ensembleCurve } from '../../src/engine/ensemble/curve.ts'
import { Members } from '../../src/engine/ensemble/members.ts'
import { NetworkScores } from '../../src/engine/ensemble/proper-scores.ts'
import { Pacer } from '../../src/engine/job/pacer.ts'
import { calibrationOverImages } from '../../src/engine/ensemble/calibration.ts'
import { redrawnDifference, redrawnInterval, redraws } from '../../src/engine/ensemble/redraws.ts'
import { randomStream, type RandomStream } from '../../src/engine/random/stream.ts'
import {
  differenceInterval,
  imagesInterval,
  jackknifeInterval,
  meanInterval,
  meanOfFew,
  pairedInterval,
  ratioInterval,
  shareInterval,
  unpairedInterval,
  wilson,
  type Interval,
} from '../../src/shared/statistics/intervals.ts'
import { meanOf, momentsOf } from '../../src/shared/statistics/moments.ts'
import { areaUnderRisk, areaUnderRoc, detection, rank, type Detection } from '../../src/shared/statistics/ranking.ts'

/** What one measurement gives: an interval, or none, and what is so. */
export interface Trial {
  interval: Interval | null
  truth: number
}

export interface Case {
  /** Kind of interval, and on what. */
  name: string
  /** Enough for a quick look: the slower, the fewer. */
  quick: number
  /** How often it says to hold; 0.95 where nothing else is said. */
  nominal?: number
  measure: (stream: RandomStream, trial: number) => Trial | Promise<Trial>
  /** Why it is known to be too wide, by more than two points. */
  known?: string
}

export interface Coverage {
  /** Trials with an interval. */
  trials: number
  /** Of them, shares: the truth within, below the lower end, above the upper end. */
  held: number
  below: number
  above: number
}

/** @param seed what was made up follows from it; kinds of intervals were chosen on that of the tests, so the bench has another */
export async function coverageOf({ name, measure }: Case, trials: number, seed: number): Promise<Coverage> {
  let [known, below, above] = [0, 0, 0]
  for (let trial = 0; trial < trials; trial++) {
    const { interval, truth } = await measure(randomStream(seed, 'map', trial, 0), trial)
    if (!Number.isFinite(truth)) throw new Error(`${name} has no truth.`)
    if (interval === null) continue
    known++
    if (truth < interval.low) below++
    if (truth > interval.high) above++
  }
  return { trials: known, held: 1 - (below + above) / known, below: below / known, above: above / known }
}

const times = <T>(n: number, make: (i: number) => T): T[] => Array.from({ length: n }, (_, i) => make(i))
const coin = (stream: RandomStream, share: number): number => Number(stream.uniform() < share)

const share = (p: number, images: number): Case => ({
  name: `share ${p} of ${images} images (Wilson)`,
  quick: 2000,
  measure: (stream) => ({ truth: p, interval: wilson(meanOf(times(images, () => coin(stream, p))), images) }),
})

/** Any share from 0.9 to 1: how often Wilson's holds goes up and down with the share, since images are whole. */
const anyShare = (images: number): Case => ({
  name: `shares from 0.9 to 1 of ${images} images (Wilson)`,
  quick: 3000,
  measure(stream) {
    const truth = 0.9 + 0.1 * stream.uniform()
    return { truth, interval: wilson(meanOf(times(images, () => coin(stream, truth))), images) }
  },
})

/** Of a few networks, most images easy for all, some hard for most. */
const sameNetworks: Case = {
  name: 'mean accuracy of 10 networks over 300 images',
  quick: 1000,
  measure: (stream) => ({
    truth: 0.9 * 0.995 + 0.1 * 0.5,
    interval: shareInterval(
      momentsOf(
        times(300, () => {
          const p = coin(stream, 0.9) === 1 ? 0.995 : 0.5
          return meanOf(times(10, () => coin(stream, p)))
        }),
      ),
      300,
    ),
  }),
}

const overSeeds = (n: number): Case => ({
  name: `mean over ${n} seeds or networks (Student)`,
  quick: 3000,
  measure: (stream) => ({ truth: 0, interval: meanInterval(times(n, () => stream.normal())) }),
})

/** @param spread standard deviation of the second, in those of the first */
const ofTwo = (n: number, m: number, spread: number, known?: string): Case => ({
  name: `difference over ${n} and ${m} seeds, deviations 1 and ${spread} (Welch)`,
  quick: 3000,
  measure: (stream) => ({
    truth: 0,
    interval: differenceInterval(meanOfFew(times(n, () => stream.normal())), meanOfFew(times(m, () => spread * stream.normal()))),
  }),
  ...(known === undefined ? {} : { known }),
})

const unpairedShares = (p: number, q: number, images: number): Case => ({
  name: `difference of shares ${p} and ${q} of ${images} images each (unpaired)`,
  quick: 2000,
  measure(stream) {
    const [first, second] = [p, q].map((of) => {
      const value = meanOf(times(images, () => coin(stream, of)))
      return { value, interval: wilson(value, images) }
    })
    return { truth: p - q, interval: unpairedInterval(first, second) }
  },
})

const unpairedMeans: Case = {
  name: 'difference of means over 3 and 5 (unpaired, of Student’s)',
  quick: 3000,
  measure(stream) {
    const [first, second] = [3, 5].map((n) => {
      const values = times(n, () => stream.normal())
      return { value: meanOf(values), interval: meanInterval(values) }
    })
    return { truth: 0, interval: unpairedInterval(first, second) }
  },
  known: 'too wide: so few each',
}

/** @param one and other: shares of images on which one alone is right */
const paired = (one: number, other: number, images: number, known?: string): Case => ({
  name: `difference of two on the same ${images} images, one alone right on ${one}, the other on ${other} (paired)`,
  quick: 2000,
  measure: (stream) => ({
    truth: one - other,
    interval: pairedInterval(
      momentsOf(
        times(images, () => {
          const u = stream.uniform()
          return u < one ? 1 : u < one + other ? -1 : 0
        }),
      ),
      images,
    ),
  }),
  ...(known === undefined ? {} : { known }),
})

const loss: Case = {
  name: 'loss over 400 images (Student)',
  quick: 2000,
  measure: (stream) => ({
    truth: 0.2,
    interval: imagesInterval(momentsOf(times(400, () => -Math.log(1 - stream.uniform()) * 0.2)), 400, 0),
  }),
}

const kept: Case = {
  name: 'share of a gain kept, 800 images (Fieller)',
  quick: 1000,
  measure(stream) {
    const pairs = times(800, () => {
      const gains = stream.uniform() < 0.1
      return [Number(gains && stream.uniform() < 0.8) - coin(stream, 0.01), Number(gains)]
    })
    const [x, y] = [0, 1].map((place) => momentsOf(pairs.map((pair) => pair[place])))
    return { truth: 0.7, interval: ratioInterval({ x, y, product: meanOf(pairs.map(([a, b]) => a * b)) }, 800) }
  },
}

/** Distances of n points, standard normal in so many coordinates. */
function distances(stream: RandomStream, n: number, coordinates: number): number[][] {
  const points = times(n, () => times(coordinates, () => stream.normal()))
  return points.map((a) => points.map((b) => Math.hypot(...a.map((x, axis) => x - b[axis]))))
}
const meanOfPairs = (all: readonly (readonly number[])[], some: readonly number[]): number =>
  meanOf(some.flatMap((i) => some.filter((j) => j !== i).map((j) => all[i][j])))
const meanNearest = (all: readonly (readonly number[])[], some: readonly number[]): number =>
  meanOf(some.map((i) => some.reduce((least, j) => (j === i ? least : Math.min(least, all[i][j])), Infinity)))

/** @param truth mean distance of two such points: 2 gamma((d + 1) / 2) / gamma(d / 2) */
const pairs = (n: number, coordinates: number, truth: number): Case => ({
  name: `mean distance of ${n} networks, ${coordinates} directions (jackknife)`,
  quick: 600,
  measure(stream) {
    const all = distances(stream, n, coordinates)
    return { truth, interval: jackknifeInterval(n, (some) => meanOfPairs(all, some)) }
  },
})

/** The truth is found from as many such draws. */
function nearest(n: number, coordinates: number, known: string): Case {
  const everyone = times(n, (i) => i)
  let truth: number | undefined
  return {
    name: `distance to the nearest of ${n} networks, ${coordinates} directions (jackknife)`,
    quick: 400,
    measure(stream) {
      truth ??= meanOf(times(2000, (draw) => meanNearest(distances(randomStream(99, 'map', draw, n), n, coordinates), everyone)))
      const all = distances(stream, n, coordinates)
      return { truth, interval: jackknifeInterval(n, (some) => meanNearest(all, some)) }
    },
    known,
  }
}

/** Networks that answer some hard images otherwise, each after its own skill. */
const disagreement = (n: number, known?: string): Case => ({
  name: `disagreement of two of ${n} networks on 500 images (jackknife)`,
  quick: 400,
  measure(stream) {
    const hard = times(500, (image) => (image % 10 === 0 ? 0.4 : 0.005))
    const answers = times(n, () => {
      const skill = 0.7 + 0.6 * stream.uniform()
      return hard.map((one) => coin(stream, one * skill))
    })
    const all = answers.map((a) => answers.map((b) => meanOf(a.map((one, image) => Number(one !== b[image])))))
    // Two skills are independent, with mean 1.
    return { truth: meanOf(hard.map((one) => 2 * one - 2 * one * one)), interval: jackknifeInterval(n, (some) => meanOfPairs(all, some)) }
  },
  ...(known === undefined ? {} : { known }),
})

/** Answers of two classes, sure by 0.5 to 1: the sharper, the more are sure. They are right less often by a gap. */
function answersOf(stream: RandomStream, images: number, sharp: number, gap: number): { probabilities: Float32Array; labels: Uint8Array } {
  const labels = new Uint8Array(images)
  const probabilities = new Float32Array(2 * images)
  for (let image = 0; image < images; image++) {
    const confidence = 1 - 0.5 * stream.uniform() ** sharp
    probabilities.set([confidence, 1 - confidence], 2 * image)
    labels[image] = 1 - coin(stream, confidence - gap)
  }
  return { probabilities, labels }
}

const calibration = (images: number, gap: number, sharp: number): Case => ({
  name: `calibration error ${gap} of ${images} images, sharpness ${sharp}`,
  quick: 60,
  measure: (stream, trial) => ({
    truth: gap,
    interval: calibrationOverImages({ ...answersOf(stream, images, sharp, gap), classes: 2 }, trial).interval,
  }),
})

/** Of just probabilities. */
function proper(measure: 'brier' | 'loss', images: number, sharp: number): Case {
  const expected = {
    brier: (c: number) => 2 * c * (1 - c),
    loss: (c: number) => -c * Math.log(c) - (1 - c) * Math.log(Math.max(1 - c, 1e-300)),
  }[measure]
  const truth = meanOf(times(100_000, (i) => expected(1 - 0.5 * ((i + 0.5) / 100_000) ** sharp)))
  return {
    name: `${measure === 'brier' ? 'Brier score' : 'negative log-likelihood'} of ${images} images, sharpness ${sharp}`,
    quick: 600,
    measure(stream) {
      const { probabilities, labels } = answersOf(stream, images, sharp, 0)
      const scores = new NetworkScores({ labels, classes: 2, bins: 15 }, [measure])
      scores.add(probabilities)
      return { truth, interval: scores.scores()[measure].interval }
    },
  }
}

const context = { emit: () => undefined, yieldToEventLoop: () => Promise.resolve(), pausing: false, now: () => 0 }

/** Networks that are right on most images alike and on some by chance. @param hard share of these images @param skill of a network on these */
const voters = (stream: RandomStream, networks: number, hard: readonly boolean[], skill: () => number): Members => {
  const said = times(networks, () => {
    const own = skill()
    return Float32Array.from(hard.flatMap((one) => (stream.uniform() < (one ? own : 0.99) ? [0.9, 0.1] : [0.1, 0.9])))
  })
  return new Members((network) => said[network], networks, hard.length, 2)
}
const majority = (p: number): number => p * p * (3 - 2 * p)

const easyAndHard = (stream: RandomStream, images: number): boolean[] => times(images, () => stream.uniform() < 0.2)

async function votesOf(size: number, networks: number, stream: RandomStream, hard: readonly boolean[], skill: () => number) {
  const about = { networks, images: hard.length, classes: 2, labels: new Uint8Array(hard.length), sizes: [size], draws: 100, seed: 1 }
  const { sizes } = await ensembleCurve(about, voters(stream, networks, hard, skill), new Pacer(context))
  return sizes[0]
}

const vote: Case = {
  name: 'majority of 3 of 12 networks on 300 images',
  quick: 60,
  async measure(stream) {
    const size = await votesOf(3, 12, stream, easyAndHard(stream, 300), () => 0.6)
    return { truth: 0.8 * majority(0.99) + 0.2 * majority(0.6), interval: voteInterval(size, 'majority', 300) }
  },
}

/** Whether further networks vote within the band that is drawn. */
const band = (size: number): Case => ({
  name: `band over ensembles of ${size} of 60 networks`,
  nominal: 0.9,
  quick: 60,
  async measure(stream) {
    const images = easyAndHard(stream, 500)
    const skill = () => 0.3 + 0.6 * stream.uniform()
    const { low, high } = bandOf(await votesOf(size, 60, stream, images, skill), 60)
    const others = await votesOf(size, size, stream, images, skill)
    return { truth: others.majority, interval: { low: low.majority, high: high.majority } }
  },
})

/** Doubts that are normal, and larger by a shift where there is something to doubt. */
const doubtsOf = (stream: RandomStream, marked: Uint8Array, shift: number): Float64Array =>
  Float64Array.from(marked, (one) => stream.normal() + shift * one)
const wrongOf = (stream: RandomStream, images: number, wrong: number): Uint8Array =>
  Uint8Array.from({ length: images }, () => coin(stream, wrong))

/** As an analysis of uncertainty tells it. The truth is that of very many images. */
function area(of: 'roc' | 'risk', images: number, wrong: number, shift: number): Case {
  let truth: number | undefined
  return {
    name: `area under ${of === 'roc' ? 'ROC' : of}, ${images} images, ${wrong} wrong, doubt shifted by ${shift}`,
    quick: 60,
    async measure(stream, trial) {
      if (truth === undefined) {
        const many = randomStream(5, 'map', 1, 0)
        const errors = wrongOf(many, 1_000_000, wrong)
        truth = (of === 'roc' ? areaUnderRoc : areaUnderRisk)(rank(doubtsOf(many, errors, shift)), errors)
      }
      const errors = wrongOf(stream, images, wrong)
      const rankings = { entropy: rank(doubtsOf(stream, errors, shift)), confidence: rank([0]), information: rank([0]) }
      const { entropy } = await worthsOf(rankings, errors, trial, () => Promise.resolve())
      return { truth, interval: entropy[`${of}Interval`] }
    },
  }
}

/** As a test with outsiders tells it. */
function outsiders(measure: keyof Detection, own: number, outside: number, shift: number): Case {
  const isOutside = (often: number) => Uint8Array.from({ length: often * (own + outside) }, (_, image) => Number(image >= often * own))
  let truth: number | undefined
  return {
    name: `outsiders, ${measure}: ${own} own images, ${outside} others, doubt shifted by ${shift}`,
    quick: 60,
    measure(stream, trial) {
      if (truth === undefined) {
        const many = isOutside(1000)
        truth = detection(rank(doubtsOf(randomStream(5, 'map', 1, 0), many, shift)), many)[measure]
      }
      const marked = isOutside(1)
      const ranking = rank(doubtsOf(stream, marked, shift))
      const drawn = Array.from(redraws(trial, [own, outside]), (often) => detection(ranking, marked, (image) => often[image])[measure])
      return { truth, interval: redrawnInterval(detection(ranking, marked)[measure], drawn, Math.min(own, outside)) }
    },
  }
}

/** What a mixture gains on a single network: two doubts of which the second is the first with as much noise. */
const gain: Case = {
  name: 'outsiders, gain of area under ROC: 200 own images, 100 others',
  quick: 60,
  measure(stream, trial) {
    const marked = Uint8Array.from({ length: 300 }, (_, image) => Number(image >= 200))
    const first = doubtsOf(stream, marked, 1.5)
    const rankings = [rank(first), rank(first.map((one) => one + stream.normal()))]
    const difference = (often?: Uint32Array): number => {
      const [one, other] = rankings.map((ranking) => detection(ranking, marked, (image) => often?.[image] ?? 1).roc)
      return one - other
    }
    const drawn = Array.from(redraws(trial, [200, 100]), difference)
    return { truth: areaOfShift(1.5 / Math.SQRT2) - areaOfShift(1.5 / 2), interval: redrawnDifference(difference(), drawn, 100) }
  },
}
/** How often a standard normal value lies below so much. */
function areaOfShift(shift: number): number {
  const density = (x: number) => Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI)
  return 0.5 + meanOf(times(10_000, (i) => density((shift * (i + 0.5)) / 10_000))) * shift
}

export const cases: readonly Case[] = [
  ...[share(0.5, 20), share(0.93, 500), share(0.98, 5000), anyShare(100), anyShare(1000)],
  sameNetworks,
  ...[2, 3, 5].map(overSeeds),
  ofTwo(2, 2, 1, 'too wide: of two values nothing is known of how they spread'),
  ...[ofTwo(3, 3, 1), ofTwo(3, 3, 4), ofTwo(3, 5, 3), ofTwo(5, 3, 3), ofTwo(5, 5, 1)],
  ...[unpairedShares(0.93, 0.95, 300), unpairedShares(0.99, 0.97, 200), unpairedMeans],
  ...[paired(0.04, 0.02, 400), paired(0.003, 0.001, 1000), paired(0.02, 0, 300)],
  ...[loss, proper('brier', 1000, 10), proper('loss', 1000, 10), proper('loss', 1000, 30), kept],
  ...[pairs(3, 10, 4.3619), pairs(5, 10, 4.3619), pairs(10, 2, 1.77245), pairs(20, 10, 4.3619)],
  ...[nearest(10, 2, 'too wide'), nearest(20, 10, 'too wide')],
  ...[disagreement(5), disagreement(20)],
  ...[vote, ...[1, 5, 19].map(band)],
  ...[calibration(1000, 0.05, 3), calibration(300, 0.03, 3), calibration(1000, 0.01, 20), calibration(300, 0.01, 20)],
  ...(['roc', 'risk'] as const).flatMap((of) => [area(of, 300, 0.1, 1), area(of, 500, 0.06, 2)]),
  area('roc', 500, 0.06, 3),
  ...(['roc', 'outside', 'own', 'missed'] as const).map((measure) => outsiders(measure, 200, 100, 1.5)),
  gain,
]
