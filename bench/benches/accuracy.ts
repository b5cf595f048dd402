/**
 * Training time until sampled networks are good. The clock counts training steps alone, for both
 * sides: looking at the accuracy is not on it, nor starting, nor each side's first steps, which are
 * run to warm up and then forgotten. Sides take turns of the same number of steps, the one with
 * less time on its clock next, so that both meet the same machine.
 */
import { presetDocument } from '../../src/main/lab/experiment/document.ts'
import { parseAssignment, setValues } from '../../src/main/lab/experiment/set-values.ts'
import { ratioToFastest, summarize } from '../measure/statistics.ts'
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

export const accuracyBench: Bench = async (context) => {
  const { options, say } = context
  const settings = [...options.set.map(parseAssignment)]
  if (!settings.some(({ key }) => key === 'seed')) settings.push({ key: 'seed', value: options.seed })
  const experiment = setValues(presetDocument(options.preset), settings)
  const versions: Record<string, string> = {}
  const failed: Record<string, string> = {}
  const sides: Side[] = []

  async function enter(name: string, from: number, start: () => Promise<{ worker: LineWorker; version: string }>): Promise<void> {
    say(`${name}: starting and warming up`)
    const { worker, version } = await start()
    versions[name] = version
    await worker.ask('step', { n: 3 })
    await worker.ask('restart')
    sides.push(new Side(name, worker, from))
  }

  await enter('ours', options.from, () => setUpOurs(context, experiment, true))
  if (options.rivals.includes('tensorflow')) {
    await enter('tensorflow', rivalFrom, () => setUpRival(context, 'tensorflow', paperDocument())).catch((reason: unknown) => {
      failed['tensorflow'] = String(reason)
    })
  }
  await race(sides, context)
  for (const { worker } of sides) await worker.close()

  const [ours, ...rivals] = sides.map((side) => ({ side, summary: summarize(side.reached === undefined ? [] : [side.reached.ms]) }))
  for (const { side } of [ours, ...rivals])
    if (side.reached === undefined) failed[side.name] = side.failed ?? `not there after ${side.step} steps`
  const finished = rivals.filter(({ side }) => side.reached !== undefined)
  return {
    ours: ours.summary,
    rivals: Object.fromEntries(finished.map(({ side, summary }) => [side.name, summary])),
    failed,
    ratio:
      ours.side.reached === undefined
        ? null
        : ratioToFastest(
            ours.summary,
            finished.map(({ summary }) => summary),
          ),
    details: {
      goal,
      networks,
      images,
      clock: 'training steps only',
      experiment,
      looks: Object.fromEntries(sides.map(({ name, looks }) => [name, looks])),
    },
    versions,
    text: describe(sides, failed),
  }
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

function describe(sides: readonly Side[], failed: Readonly<Record<string, string>>): string {
  const rows = sides.map(({ name, reached, step, clock }) =>
    reached === undefined
      ? [name, '-', '-', (clock / step).toFixed(0), '-', '-', '-']
      : [
          name,
          (reached.ms / 1000).toFixed(1),
          String(reached.step),
          (clock / step).toFixed(0),
          reached.mean.toFixed(3),
          reached.majority.toFixed(3),
          reached.entropy.toFixed(0),
        ],
  )
  return [
    `training time until ${networks} sampled networks reach mean accuracy ${goal.mean} and majority vote ${goal.majority}`,
    `on the first ${images} validation images, with entropy of at least ${goal.entropy} (evaluation is not on the clock)`,
    formatTable(['', 'seconds', 'steps', 'ms a step', 'mean', 'majority', 'entropy'], rows),
    ...Object.entries(failed).map(([name, reason]) => `${name} failed: ${reason}`),
  ].join('\n')
}
