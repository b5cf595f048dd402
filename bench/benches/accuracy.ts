/**
 * Training time until sampled networks are good. The clock counts training steps alone, for both
 * sides: looking at the accuracy is not on it, nor starting, nor each side's first steps, which are
 * run to warm up and then forgotten. Sides take turns of the same number of steps, the one with
 * less time on its clock next, so that all meet the same machine. The rival runs twice: with our
 * document, which compares programs, and with the paper's constants, which compares recipes too.
 */
import { isDeepStrictEqual } from 'node:util'
import { presetDocument } from '../../src/main/lab/experiment/document.ts'
import { parseAssignment, setValues } from '../../src/main/lab/experiment/set-values.ts'
import type { Experiment } from '../../src/shared/experiment.ts'
import { ratioToFastest, summarize, type Summary } from '../measure/statistics.ts'
import type { Score } from '../measure/votes.ts'
import { formatTable } from '../report/table.ts'
import { timesOf, type LineWorker } from '../workers/line-worker.ts'
import { paperDocument, setUpOurs, setUpRival, type Bench, type BenchContext } from './context.ts'

/** What counts as good: 200 sampled networks on the first 1,000 validation images. */
const networks = 200
const images = 1000
const goal = { mean: 0.93, majority: 0.962, entropy: 2800 }

/** The paper's constants need about 500 steps: from here on the rival is looked at. */
const rivalFrom = 300

interface Look extends Score {
  step: number
  /** Training time so far, ms. */
  ms: number
}

class Side {
  readonly name: string
  readonly worker: LineWorker
  readonly #from: number
  step = 0
  clock = 0
  looks: Look[] = []
  /** Why it dropped out. */
  failed: string | undefined

  constructor(name: string, worker: LineWorker, from: number) {
    this.name = name
    this.worker = worker
    this.#from = from
  }

  /** The look that found it good. */
  get reached(): Look | undefined {
    return this.looks.find(isGood)
  }

  async turn(steps: number): Promise<Look | undefined> {
    const times = timesOf(await this.worker.ask('step', { n: steps }))
    this.step += steps
    this.clock += times.reduce((sum, ms) => sum + ms, 0)
    if (this.step < this.#from) return undefined
    const { mean, min, max, majority, entropy } = (await this.worker.ask('score', { networks, images })) as unknown as Score
    const look = { step: this.step, ms: this.clock, mean, min, max, majority, entropy }
    this.looks.push(look)
    return look
  }
}

/** Whether every part of the goal is reached. */
export function isGood({ mean, majority, entropy }: Pick<Score, 'mean' | 'majority' | 'entropy'>): boolean {
  return mean >= goal.mean && majority >= goal.majority && entropy >= goal.entropy
}

const sameDocument = 'tensorflow, same document'
const paperConstants = "tensorflow, the paper's constants"

export const accuracyBench: Bench = async (context) => {
  const { options } = context
  const experiment = setValues(presetDocument(options.preset ?? 'mnist-quick'), options.set.map(parseAssignment))
  const versions: Record<string, string> = {}
  const failed: Record<string, string> = {}
  const races: { seed: number; sides: Side[] }[] = []
  for (const seed of options.seeds) {
    const sides = await enterAll({ ...experiment, seed }, context, versions, failed)
    await race(sides, context)
    for (const { worker } of sides) await worker.close()
    for (const { name, reached, failed: reason, step } of sides)
      if (reached === undefined) failed[`${name}, seed ${seed}`] = reason ?? `not there after ${step} steps`
    races.push({ seed, sides })
  }
  const times = (name: string): number[] =>
    races.flatMap(({ sides }) => sides.flatMap((side) => (side.name === name && side.reached !== undefined ? [side.reached.ms] : [])))
  const ours = summarize(times('ours'))
  const rivals = Object.fromEntries(
    [sameDocument, paperConstants].flatMap((name) => (times(name).length === 0 ? [] : [[name, summarize(times(name))]])),
  )
  return {
    ours,
    rivals,
    failed,
    ratio: ours.count === 0 ? null : ratioToFastest(ours, Object.values(rivals)),
    details: {
      goal,
      networks,
      images,
      clock: 'training steps only',
      experiment,
      looks: races.map(({ seed, sides }) => ({ seed, ...Object.fromEntries(sides.map(({ name, looks }) => [name, looks])) })),
    },
    versions,
    text: describe(races, ours, rivals, failed),
  }
}

/** Those that race for one seed, warmed up; a rival that cannot be had is noted in `failed`. */
async function enterAll(
  experiment: Experiment,
  context: BenchContext,
  versions: Record<string, string>,
  failed: Record<string, string>,
): Promise<Side[]> {
  const { options, say } = context
  const sides: Side[] = []
  async function enter(name: string, from: number, start: () => Promise<{ worker: LineWorker; version: string }>): Promise<void> {
    say(`${name}, seed ${experiment.seed}: starting and warming up`)
    const { worker, version } = await start()
    versions[name] = version
    await worker.ask('step', { n: 3 })
    await worker.ask('restart')
    sides.push(new Side(name, worker, from))
  }
  await enter('ours', options.from, () => setUpOurs(context, experiment, true))
  if (!options.rivals.includes('tensorflow')) return sides
  const paper = { ...paperDocument(), seed: experiment.seed }
  const documents = new Map([[sameDocument, experiment]])
  if (!isDeepStrictEqual(experiment, paper)) documents.set(paperConstants, paper)
  for (const [name, document] of documents) {
    const from = name === sameDocument ? options.from : rivalFrom
    await enter(name, from, () => setUpRival(context, 'tensorflow', document, experiment.seed)).catch((reason: unknown) => {
      failed[`${name}, seed ${experiment.seed}`] = String(reason)
    })
  }
  return sides
}

async function race(sides: readonly Side[], { options, say }: BenchContext): Promise<void> {
  for (;;) {
    const running = sides.filter((side) => side.reached === undefined && side.failed === undefined && side.step < options.limit)
    const next = running.sort((a, b) => a.clock - b.clock)[0]
    if (next === undefined) return
    try {
      const look = await next.turn(options.every)
      if (look !== undefined) say(`${next.name} step ${look.step}, ${(look.ms / 1000).toFixed(1)} s: ${describeScore(look)}`)
    } catch (thrown) {
      next.failed = thrown instanceof Error ? thrown.message : String(thrown)
    }
  }
}

function describeScore({ mean, min, max, majority, entropy }: Score): string {
  return `mean ${mean.toFixed(3)} (${min.toFixed(3)} - ${max.toFixed(3)}), majority ${majority.toFixed(3)}, entropy ${entropy.toFixed(0)}`
}

function describe(
  races: readonly { seed: number; sides: readonly Side[] }[],
  ours: Summary,
  rivals: Readonly<Record<string, Summary>>,
  failed: Readonly<Record<string, string>>,
): string {
  const rows = races.flatMap(({ seed, sides }) =>
    sides.map(({ name, reached, step, clock }) => [
      name,
      String(seed),
      ...(reached === undefined
        ? ['-', '-', (clock / step).toFixed(0), '-', '-', '-']
        : [
            (reached.ms / 1000).toFixed(1),
            String(reached.step),
            (clock / step).toFixed(0),
            reached.mean.toFixed(3),
            reached.majority.toFixed(3),
            reached.entropy.toFixed(0),
          ]),
    ]),
  )
  const ratios = Object.entries(rivals).map(
    ([name, { minMs, medianMs, count }]) =>
      `ours / ${name}: ${(ours.minMs / minMs).toFixed(2)} by minima, ${(ours.medianMs / medianMs).toFixed(2)} by medians (${ours.count} and ${count} races)`,
  )
  return [
    `training time until ${networks} sampled networks reach mean accuracy ${goal.mean} and majority vote ${goal.majority}`,
    `on the first ${images} validation images, with entropy of at least ${goal.entropy} (evaluation is not on the clock)`,
    formatTable(['', 'seed', 'seconds', 'steps', 'ms a step', 'mean', 'majority', 'entropy'], rows),
    ...(ours.count === 0 ? [] : ratios),
    ...Object.entries(failed).map(([name, reason]) => `${name} failed: ${reason}`),
  ].join('\n')
}
