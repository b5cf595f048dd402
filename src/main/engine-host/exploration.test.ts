import { afterAll, beforeAll, expect, it } from 'vitest'
import { methodEngine, openSource } from '../../engine/methods/method-engine.ts'
import type { NetworkSource } from '../../engine/methods/network-source.ts'
import { layOut } from '../../engine/target-network/layout.ts'
import { createTargetProgram } from '../../engine/target-network/target-program.ts'
import { contextTelling } from '../../engine/training/testing/scripted.ts'
import { runJob } from '../../engine/job-runner/run-job.ts'
import type { Farm } from '../../engine/farm/farm.ts'
import { cockpitDirections, pointOn } from '../../shared/cockpit.ts'
import type { ExplorationTask } from '../../shared/engine-host.ts'
import { filterOf, filterShape } from '../../shared/filter-shape.ts'
import { predictions } from '../../shared/scores.ts'
import { createEngineHost } from './host.ts'
import { loadTensorFlow } from './load-tensorflow.ts'
import { readImageSet } from './read-data.ts'
import { smallData, smallTraining } from './testing/small-run.ts'

const { data, remove } = smallData()
const { document } = smallTraining(data)
const host = createEngineHost()
let task: ExplorationTask
let source: NetworkSource

beforeAll(async () => {
  await loadTensorFlow()
  const checkpoint = { ...(await methodEngine(document)).createTrainer(document, {} as Farm).toCheckpoint(), step: 1 }
  task = { document, checkpoint, data, count: 30 }
  source = await openSource(document, checkpoint)
})

afterAll(async () => {
  await host.close()
  remove()
})

it('the latent cockpit gives the network of any latent vector, with what it says of the first validation images', async () => {
  const exploration = host.explore(task)
  const space = source.latentSpace!
  const line = await exploration.axes({ kind: 'line', seed: 5, networks: [2, 3] })
  expect(line.directions).toHaveLength(cockpitDirections * source.latent!)
  for (const [amount, index] of [
    [-1, 2],
    [1, 3],
  ])
    expect([...pointOn(line, [amount])]).toEqual([...space.of(5, index)].map((value) => expect.closeTo(value, 6) as number))
  // As far as vectors of networks are from 0, whatever the direction.
  const { directions, origin, explained } = await exploration.axes({ kind: 'principal', seed: 5, networks: [2, 3], layer: 1 })
  expect([...origin]).toEqual([...space.of(5, 2)])
  expect(explained[0]).toBeGreaterThanOrEqual(explained[1])
  const lengths = Array.from({ length: cockpitDirections }, (_, k) => Math.hypot(...directions.subarray(6 * k, 6 * k + 6)))
  for (const length of lengths) expect(length).toBeCloseTo(lengths[0], 5)

  const z = pointOn(line, [0.3, -0.4])
  const point = await exploration.point({ z, layer: 2, channel: 1 })
  const layout = layOut(document.target)
  const weights = space.generate(z)
  const set = await readImageSet(data)
  const indices = Int32Array.from({ length: 30 }, (_, i) => data.split.train + i)
  const program = await createTargetProgram(layout)
  const said = predictions(program.probabilitiesOn(weights, program.prepare(set, indices), 1), 2)
  expect(point.images).toBe(30)
  expect(point.right).toBe(indices.filter((index, i) => said[i] === set.labels[index]).length)
  expect([...point.of]).toEqual([0, 1].map((label) => indices.filter((index) => set.labels[index] === label).length))
  expect(point.wrong[0] + point.wrong[1]).toBe(30 - point.right)
  const shape = filterShape(layout.weighted[1])
  const own = filterOf(layout.weighted[1], shape, weights, 1, 1)
  for (const [i, value] of own.entries()) expect(point.filters[own.length + i]).toBeCloseTo(value, 5)

  await expect(exploration.point({ z: z.slice(1), layer: 1, channel: 0 })).rejects.toThrow('A latent vector of 5 numbers')
  expect(exploration.isOpen).toBe(true)
  await exploration.close()
  await expect(exploration.point({ z, layer: 1, channel: 0 })).rejects.toThrow('The cockpit was closed.')
})

it('a kept point gives its weights again', async () => {
  const z = source.latentSpace!.of(5, 7)
  const given: Float32Array[] = []
  const context = contextTelling()
  context.emit = (event) => void (event.type === 'weights' && given.push(event.weights))
  const none = { farm: null, images: null, outside: null, probabilities: null }
  const job = { kind: 'sample', document, checkpoint: task.checkpoint, seed: 0, first: 0, count: 1, z } as const
  await runJob(job, { context, ...none })
  expect([...given[0]]).toEqual([...source.latentSpace!.generate(z)])
  await expect(runJob({ ...job, z: z.slice(1) }, { context, ...none })).rejects.toThrow('does not fit')
})
