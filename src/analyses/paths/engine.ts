/** Tests the networks along paths between two: straight in z, in weights as they come, gauge-fixed and matched, and along a trained curve. */
import { lengthOf, straight } from '../../engine/analysis/lines.ts'
import { evaluate } from '../../engine/evaluation/evaluate.ts'
import { inGauge } from '../../engine/gauge/fix-weights.ts'
import type { RunAnalysis } from '../../engine/job-runner/analysis-task.ts'
import { matchUnits } from '../../engine/matching/match-units.ts'
import { Pacer } from '../../engine/job/pacer.ts'
import { createTargetProgram } from '../../engine/target-network/target-program.ts'
import { networkAt, trainCurve, type Curve } from '../../engine/training/train-curve.ts'
import { indicesOf, type NetworkSource } from '../../engine/methods/network-source.ts'
import { splitRange } from '../../shared/split.ts'
import { guessOf } from '../guessing.ts'
import type { PathsOptions, PathsResult, Way } from './definition.ts'

/** Weights of the networks along one path, [points, weights]. */
type Line = () => Float32Array

export const run: RunAnalysis<PathsOptions, PathsResult> = async ({ job, context, source, farm, images, data, split }) => {
  const { points, curve, steps, rate } = job.options
  const networks = await source()
  const indices = indicesOf(job)
  const pairs = Array.from({ length: indices.length / 2 }, (_, pair): [number, number] => [indices[2 * pair], indices[2 * pair + 1]])
  const { target, latent, latentSpace } = networks
  const raw = (index: number): Float32Array => networks.sample(job.seed, index, 1)
  const fixed = (index: number): Float32Array => inGauge(networks, raw(index), 1)
  const straightBetween = (ends: (a: number, b: number) => [Float32Array, Float32Array]): Line[] =>
    pairs.map(
      ([a, b]) =>
        () =>
          straight(...ends(a, b), points),
    )
  const pacer = new Pacer(context)
  const matched = new Map<number, Float32Array>()
  for (const [a, b] of pairs) matched.set(b, await matchUnits(target, fixed(a), fixed(b), pacer))
  const ways: { along: Way['along']; lines: Line[] }[] = [
    ...(latentSpace === undefined
      ? []
      : [
          {
            along: 'latent' as const,
            lines: straightBetween((a, b) => [latentSpace.of(job.seed, a), latentSpace.of(job.seed, b)]).map(
              (line) => () => latentSpace.generate(line()),
            ),
          },
        ]),
    // Where networks come gauge-fixed, there are no others.
    ...(latent === null ? [{ along: 'raw' as const, lines: straightBetween((a, b) => [raw(a), raw(b)]) }] : []),
    { along: 'weights', lines: straightBetween((a, b) => [fixed(a), fixed(b)]) },
    {
      along: 'matched',
      lines: straightBetween((a, b) => [fixed(a), matched.get(b)!]),
    },
  ]
  if (curve !== 'none') {
    const program = await createTargetProgram(target)
    let done = 0
    const lines: Line[] = []
    for (const [index, [a, b]] of pairs.entries()) {
      const trained = await trainCurve(curve, fixed(a), fixed(b), {
        ...{ layout: target, program, images, trainCount: data.split.train, steps, learningRate: rate, seed: job.seed, index },
        async onStep() {
          pacer.progress(++done, pairs.length * steps, 'training curves')
          await pacer.yieldToEventLoop()
        },
      })
      lines.push(() => alongCurve(trained, points))
    }
    ways.push({ along: curve, lines })
  }
  const lengths: number[] = []
  const along = lined(
    networks,
    ways.flatMap(({ lines }) => lines),
    points,
    (weights) => lengths.push(lengthOf(weights, points)),
  )
  const count = ways.length * pairs.length * points
  const found = await evaluate({
    source: along,
    farm,
    labels: images.labels,
    data,
    seed: job.seed,
    count,
    split,
    images: job.images,
    context,
  })
  const each = <T>(values: readonly T[], length: number, at: number): T[] => values.slice(at * length, (at + 1) * length)
  return {
    result: {
      pairs,
      points,
      images: found.images,
      split,
      guess: guessOf(images.labels, splitRange(data.split, split, job.images)),
      ways: ways.map(({ along: name }, w): Way => {
        const rows = (values: readonly number[]) => pairs.map((_, pair) => each(values, points, w * pairs.length + pair))
        const losses = rows(found.losses)
        return {
          along: name,
          accuracies: rows(found.accuracies),
          losses,
          barriers: losses.map(barrierOf),
          lengths: each(lengths, pairs.length, w),
        }
      }),
    },
  }
}

/** Along a curve in equal steps of t, both ends included: [points, weights]. */
function alongCurve(curve: Curve, points: number): Float32Array {
  const line = new Float32Array(points * curve.bend.length)
  for (let point = 0; point < points; point++) line.set(networkAt(curve, point / (points - 1)), point * curve.bend.length)
  return line
}

/** The networks of all lines as networks that are evaluated like others, a line at a time. */
function lined({ target }: NetworkSource, lines: readonly Line[], points: number, hear: (weights: Float32Array) => void): NetworkSource {
  const never = (): never => {
    throw new Error('Networks along paths are asked for in order')
  }
  return {
    target,
    count: lines.length * points,
    latent: null,
    sample: never,
    select: never,
    preview: never,
    *networks() {
      for (const [i, line] of lines.entries()) {
        const weights = line()
        hear(weights)
        yield { first: i * points, count: points, weights }
      }
    },
  }
}

/** Highest loss above the straight line between both ends'. */
export function barrierOf(losses: readonly number[]): number {
  const [first, last] = [losses[0], losses[losses.length - 1]]
  return losses.reduce((highest, loss, point) => {
    const share = point / (losses.length - 1)
    return Math.max(highest, loss - ((1 - share) * first + share * last))
  }, 0)
}
