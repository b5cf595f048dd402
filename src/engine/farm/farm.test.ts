import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { LabError } from '../../shared/errors.ts'
import { createFarm } from './create-farm.ts'
import type { Farm } from './farm.ts'
import { serveFarm } from './serve-farm.ts'
import { smallClasses, smallImages, smallWorker, smallWeightCount } from './testing/small-worker.ts'
import { turn, wire } from './testing/wires.ts'
import { encodeFrame, FrameReader, type FarmPort } from './wire.ts'

const options = { yieldToEventLoop: turn }

/** A port as the farm gets it: its worker has said hello. */
async function greeted(port: FarmPort): Promise<FarmPort> {
  await new Promise<void>((resolve) => {
    const reader = new FrameReader(() => resolve())
    port.onBytes((bytes) => reader.push(bytes))
  })
  return port
}

/** A farm of this many processes, in one; `counts[i]` is how many networks process i ran. */
async function farmOf(processes: number): Promise<{ farm: Farm; counts: number[] }> {
  const counts = new Array<number>(processes).fill(0)
  const ports: FarmPort[] = []
  for (let worker = 1; worker < processes; worker++) {
    const [ours, theirs] = wire()
    void serveFarm(
      theirs,
      smallWorker(() => counts[worker]++),
      { token: 't', ...options },
    )
    ports.push(await greeted(ours))
  }
  return {
    farm: createFarm(
      smallWorker(() => counts[0]++),
      ports,
      options,
    ),
    counts,
  }
}

/** A farm whose one worker is played by the test. */
async function farmWith(play: (port: FarmPort, header: { first: number }) => void): Promise<Farm> {
  const [ours, theirs] = wire()
  const reader = new FrameReader(({ header }) => play(theirs, header as { first: number }))
  theirs.onBytes((bytes) => reader.push(bytes))
  theirs.send(encodeFrame({ type: 'hello', token: 't' }, []))
  return createFarm(smallWorker(), [await greeted(ours)], options)
}

function weightsOf(n: number): Float32Array {
  return Float32Array.from({ length: n * smallWeightCount }, (_, i) => Math.sin(i) * 3)
}

/** Every network by itself, in order, without a farm around it. */
function oneByOne(): Pick<Farm, 'lossAndGradient' | 'probabilities'> {
  const worker = smallWorker()
  const each = <T>(weights: Float32Array, n: number, work: (own: Float32Array, i: number) => T): T[] =>
    Array.from({ length: n }, (_, i) => work(weights.subarray(i * smallWeightCount, (i + 1) * smallWeightCount), i))
  const joined = (parts: readonly Float32Array[]) => Float32Array.from(parts.flatMap((part) => [...part]))
  return {
    lossAndGradient: (step, weights, n) => {
      const all = each(weights, n, (own, i) => worker.lossAndGradient(step, i, own, 1))
      const [loss, accuracy, gradient] = (['loss', 'accuracy', 'gradient'] as const).map((key) => joined(all.map((one) => one[key])))
      return Promise.resolve({ loss, accuracy, gradient })
    },
    probabilities: (weights, n, from, count) =>
      Promise.resolve(joined(each(weights, n, (own) => worker.probabilities(own, 1, from, count)))),
  }
}

describe('a farm', () => {
  it('gives what one process gives, whatever the number of networks and processes', async () => {
    const local = oneByOne()
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: 40 }), fc.integer({ min: 1, max: 5 }), fc.nat({ max: 1000 }), async (n, processes, step) => {
        const { farm, counts } = await farmOf(processes)
        const weights = weightsOf(n)
        // The second and third step find images that were prepared ahead, the last finds others.
        for (const at of [step, step + 1, step + 2, step + 7]) {
          expect(await farm.lossAndGradient(at, weights, n)).toEqual(await local.lossAndGradient(at, weights, n))
        }
        expect(counts.reduce((a, b) => a + b, 0)).toBe(4 * n)
        // Of so many images these are several shares, the last of fewer networks.
        const many = weightsOf(8 * n)
        expect(await farm.probabilities(many, 8 * n, 1, 39)).toEqual(await local.probabilities(many, 8 * n, 1, 39))
        await farm.close()
      }),
      { numRuns: 30 },
    )
  })

  it('lets every process take part, and runs the other work once', async () => {
    const { farm, counts } = await farmOf(3)
    let other = 0
    await farm.lossAndGradient(0, weightsOf(30), 30, () => other++)
    expect(other).toBe(1)
    expect(Math.min(...counts)).toBeGreaterThan(0)
  })

  it('sees other images at other steps, and as another network', async () => {
    const { farm } = await farmOf(2)
    const weights = new Float32Array(2 * smallWeightCount).fill(1)
    const first = await farm.lossAndGradient(1, weights, 2)
    const second = await farm.lossAndGradient(2, weights, 2)
    expect(new Set([...first.loss, ...second.loss]).size).toBe(4)
  })

  it('refuses weights of a wrong length and images that are not there', async () => {
    const { farm } = await farmOf(2)
    await expect(farm.lossAndGradient(0, weightsOf(3), 4)).rejects.toMatchObject({ code: 'internal' })
    await expect(farm.probabilities(weightsOf(1), 1, smallImages - 1, 2)).rejects.toMatchObject({ code: 'invalid-argument' })
  })
})

describe('a farm whose worker', () => {
  const run = (farm: Farm) => farm.lossAndGradient(0, weightsOf(20), 20)

  it('hangs up, in the middle or between calls, says so', async () => {
    const middle = await farmWith((port) => port.close())
    await expect(run(middle)).rejects.toMatchObject({ code: 'engine-lost' })
    await expect(run(middle)).rejects.toMatchObject({ code: 'engine-lost' })
    const [ours, theirs] = wire()
    const between = createFarm(smallWorker(), [ours], options)
    theirs.close()
    await turn()
    await expect(run(between)).rejects.toMatchObject({ code: 'engine-lost' })
  })

  it('fails, passes its error on', async () => {
    const [ours, theirs] = wire()
    const worker = smallWorker(() => {
      throw new LabError('memory', 'No room.', 'Make room.')
    })
    const served = serveFarm(theirs, worker, { token: 't', ...options })
    const farm = createFarm(smallWorker(), [await greeted(ours)], options)
    await expect(run(farm)).rejects.toMatchObject({ code: 'memory', message: 'No room.', remedy: 'Make room.' })
    await served // ends too
  })

  it.each<[string, (port: FarmPort, first: number) => void]>([
    ['no frame', (port) => port.send([new Uint8Array(64)])],
    ['an unknown kind of reply', (port, first) => port.send(encodeFrame({ type: 'poem', first, n: 1 }, []))],
    [
      'an answer for another network',
      (port, first) => port.send(encodeFrame({ type: 'gradient', first: first + 1, n: 1 }, [new Float32Array(2 + smallWeightCount)])),
    ],
    [
      'an answer of another kind',
      (port, first) => port.send(encodeFrame({ type: 'probabilities', first, n: 1 }, [new Float32Array(2 + smallWeightCount)])),
    ],
    ['too few numbers', (port, first) => port.send(encodeFrame({ type: 'gradient', first, n: 1 }, [new Float32Array(smallClasses)]))],
    ['a second hello', (port) => port.send(encodeFrame({ type: 'hello', token: 't' }, []))],
  ])('sends %s, is given up', async (_, play) => {
    const farm = await farmWith((port, { first }) => play(port, first))
    await expect(run(farm)).rejects.toBeInstanceOf(LabError)
  })
})

describe('a worker', () => {
  it.each([
    ['no frame', [new Uint8Array(64)]],
    ['no request', encodeFrame({ type: 'gradient', first: -1 }, [])],
    ['weights of a wrong length', encodeFrame({ type: 'gradient', step: 0, first: 0, n: 2 }, [new Float32Array(3)])],
  ])('that is sent %s, answers with an error and ends', async (_, parts) => {
    const [ours, theirs] = wire()
    const headers: unknown[] = []
    const reader = new FrameReader(({ header }) => headers.push(header))
    ours.onBytes((bytes) => reader.push(bytes))
    const served = serveFarm(theirs, smallWorker(), { token: 't', ...options })
    ours.send(parts)
    await served
    expect(headers).toMatchObject([
      { type: 'hello', token: 't' },
      { type: 'failed', error: { code: 'internal' } },
    ])
  })
})
