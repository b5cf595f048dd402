import { describe, expect, it } from 'vitest'
import type { CheckpointState, JobEvent, JobOf } from '../../shared/engine-protocol.ts'
import { layOut } from '../target-network/layout.ts'
import { blobs, smallDocument } from './testing/small-run.ts'
import { contextTelling, scriptedFarm } from './testing/scripted.ts'
import { train } from './train-job.ts'

const split = { train: 40, validation: 12, test: 8 }
const layout = layOut(smallDocument.target)
const data: JobOf<'train'>['data'] = {
  ...{ hash: 'made-up', imagesPath: '', labelsPath: '', count: 60, height: 8, width: 8, channels: 1, classes: 3, split },
}

interface Change {
  training?: object
  evaluation?: object
  networks?: number
  job?: Partial<JobOf<'train'>>
  /** Milliseconds per step takes. */
  slow?: number
  /** A pause is asked for during this step. */
  pauseAt?: number
}

/** Trains three networks whose gradient is always 1, one step a second. */
async function life({ training, evaluation, networks = 3, job, slow = 1000, pauseAt }: Change = {}) {
  const document = {
    ...smallDocument,
    data: { id: 'made-up', split },
    method: { kind: 'independent' as const, networks },
    training: { ...smallDocument.training, steps: 7, cooldown: 4, checkpointEvery: 3, checkpointSeconds: 1e6, ...training },
    evaluation: { every: 4, networks: 2, images: 5, ...evaluation },
  }
  const events: JobEvent[] = []
  const asked: number[] = []
  let now = 0
  const context = { ...contextTelling(events), pausing: false, now: () => now }
  const farm = scriptedFarm(layout, (_network, image) => [image % 2, 1 - (image % 2), 0])
  farm.lossAndGradient = (step, weights, n) => {
    asked.push(step)
    now += slow
    if (step === pauseAt) context.pausing = true
    return Promise.resolve({
      loss: new Float32Array(n).fill(step),
      accuracy: new Float32Array(n).fill(0.5),
      gradient: new Float32Array(weights.length).fill(1),
    })
  }
  const result = await train({ kind: 'train', document, data, ...job }, farm, blobs(60), context)
  return { result, events, asked, evaluated: farm.asked, now }
}

/** What happened in order: checkpoints and evaluations by their steps, one metric a step. */
const story = (events: readonly JobEvent[]): string[] =>
  events.flatMap((event) => {
    if (event.type === 'checkpoint') return [`${event.reason} ${event.state.step}`]
    if (event.type === 'evaluation') return [`evaluation ${event.step}`]
    return event.type === 'metrics' ? [`step ${event.points[0].step}`] : []
  })
const lastState = (events: readonly JobEvent[]): CheckpointState => events.filter((event) => event.type === 'checkpoint').at(-1)!.state

describe('the life of a run', () => {
  it('has checkpoints, evaluations and metrics when they are due, and each once', async () => {
    const { result, events, asked, now } = await life()
    expect(result).toEqual({ kind: 'train', step: 7, reason: 'finished' })
    expect(asked).toEqual([0, 1, 2, 3, 4, 5, 6])
    expect(story(events)).toEqual([
      'periodic 0',
      ...['step 1', 'step 2', 'step 3', 'periodic 3', 'step 4', 'evaluation 4', 'step 5', 'step 6', 'periodic 6', 'step 7', 'evaluation 7'],
      'finished 7',
    ])
    const points = events.flatMap((event) => (event.type === 'metrics' ? event.points : []))
    const of = (name: string) => points.filter((point) => point.name === name).map(({ value }) => value)
    expect(of('crossEntropy')).toEqual([0, 1, 2, 3, 4, 5, 6])
    expect(of('trainingAccuracy')).toEqual(new Array(7).fill(0.5))
    expect(of('stepMilliseconds')).toEqual(new Array(7).fill(1000))
    // The rate that the step was taken at.
    const { learningRate, learningRateDecay } = smallDocument.training
    for (const [step, rate] of of('learningRate').entries())
      expect(rate).toBeCloseTo(learningRate * learningRateDecay ** step * Math.min(1, (7 - step) / 4), 12)
    expect(events.filter((event) => event.type === 'progress').at(-1)).toMatchObject({ done: 7, total: 7 })
    expect(points.at(-1)!.at).toBe(now)
  })

  it('is evaluated on validation images, the networks there are', async () => {
    const { events, evaluated } = await life({ evaluation: { networks: 5 } })
    expect(evaluated.map(({ networks, from, count }) => [networks.length, from, count])).toEqual([
      [3, 40, 5],
      [3, 40, 5],
    ])
    const [evaluation] = events.filter((event) => event.type === 'evaluation')
    expect(evaluation).toMatchObject({ step: 4, result: { n: 3, images: 5, split: 'validation' } })
    expect((await life()).evaluated[0].networks).toHaveLength(2)
    expect((await life({ evaluation: { every: 0 } })).evaluated).toEqual([])
    expect((await life({ evaluation: { every: 20 } })).evaluated).toHaveLength(1)
  })

  it('goes on from a checkpoint, with none at its beginning', async () => {
    const whole = await life()
    const from = whole.events.filter((event) => event.type === 'checkpoint').find(({ state }) => state.step === 3)!.state
    const { asked, events, result } = await life({ job: { from: structuredClone(from) } })
    expect(asked).toEqual([3, 4, 5, 6])
    expect(story(events)[0]).toBe('step 4')
    expect(result.step).toBe(7)
    expect(lastState(events)).toEqual(lastState(whole.events))
  })

  it('ends at the step that is asked for, if that comes first', async () => {
    const { result, events, asked } = await life({ job: { untilStep: 5 } })
    expect(result).toMatchObject({ step: 5, reason: 'finished' })
    expect(asked).toHaveLength(5)
    expect(story(events).slice(-3)).toEqual(['step 5', 'evaluation 5', 'finished 5'])
    expect((await life({ job: { untilStep: 50 } })).result.step).toBe(7)
  })

  it('has one checkpoint at its end, though one is due there', async () => {
    const { events } = await life({ training: { steps: 6 }, evaluation: { every: 0 } })
    expect(story(events).slice(-2)).toEqual(['step 6', 'finished 6'])
  })

  it('pauses after the step under way, with a checkpoint', async () => {
    const { result, events } = await life({ pauseAt: 1 })
    expect(result).toEqual({ kind: 'train', step: 2, reason: 'paused' })
    expect(story(events)).toEqual(['periodic 0', 'step 1', 'step 2', 'paused 2'])
  })

  it('makes checkpoints by the clock too, and then counts anew', async () => {
    // Two seconds a step: after five seconds, that is at each third step.
    const { events } = await life({ slow: 2000, training: { steps: 8, checkpointEvery: 100, checkpointSeconds: 5 } })
    expect(story(events).filter((line) => line.startsWith('periodic'))).toEqual(['periodic 0', 'periodic 3', 'periodic 6'])
    const exactly = await life({ slow: 2500, training: { steps: 5, checkpointEvery: 100, checkpointSeconds: 5 } })
    expect(story(exactly.events).filter((line) => line.startsWith('periodic'))).toEqual(['periodic 0', 'periodic 2', 'periodic 4'])
  })

  it('shows filters of a few networks at its beginning, a second apart at least, and of its last step', async () => {
    const shown = (events: readonly JobEvent[]) =>
      events.filter((event) => event.type === 'filters').map(({ step, networks }) => [step, networks])
    expect(shown((await life({ networks: 6, slow: 400 })).events)).toEqual([
      [0, 4],
      [3, 4],
      [6, 4],
      [7, 4],
    ])
    expect(shown((await life({ slow: 100, pauseAt: 1 })).events)).toEqual([
      [0, 3],
      [2, 3],
    ])
    expect(shown((await life({ slow: 1000, job: { untilStep: 2 } })).events)).toEqual([
      [0, 3],
      [1, 3],
      [2, 3],
    ])
  })
})
