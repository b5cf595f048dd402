import { describe, expect, it } from 'vitest'
import { asColours } from '../../../analyses/network-values.ts'
import type { AnalysisResult } from '../../../shared/contract/analyses.ts'
import { LabError } from '../../../shared/errors.ts'
import { scriptedClient } from '../../testing/scripted-client.ts'
import { taskOf } from '../../testing/task.ts'
import { ManifoldState } from './manifold.svelte.ts'

function mapOf(id: number, count: number): AnalysisResult<'map'> {
  const result = { n: count, method: 'tsne' as const, seconds: 1, klDivergence: 1, explained: null }
  const options = { method: 'tsne' as const, iterations: 1000, components: 50, weights: 'raw' as const }
  const about = { run: 'heron', kind: 'map' as const, step: 1, checkpoint: 'c', seed: 7, count, networks: null }
  return { ...about, id, dataset: null, split: null, images: null, createdAt: id, result, options }
}

/** Three networks on a line in weight space, each component ten times the one before. */
const beside = {
  components: { shape: [3, 3], data: Float32Array.of(1, 10, 100, 2, 20, 200, 3, 30, 300) },
  neighbours: { shape: [3, 2], data: Float32Array.of(1, 2, 0, 2, 1, 0) },
  distances: { shape: [3, 2], data: Float32Array.of(1, 2, 1, 1, 1, 2) },
}

function pointsOf(id: number, count: number) {
  const coordinates = Float32Array.from({ length: 2 * count }, (_, at) => at + id)
  const values = { norm: new Float32Array(count).fill(2), accuracy: Float32Array.from({ length: count }, (_, at) => at / count) }
  return {
    result: mapOf(id, count),
    arrays: { coordinates: { shape: [count, 2], data: coordinates }, ...(count === 3 ? beside : {}), ...asColours(values) },
  }
}

async function shown(id = 1, count = 3) {
  const client = scriptedClient()
  const manifold = new ManifoldState(client, 'heron')
  const showing = manifold.show(id)
  await client.asked[0].answer(pointsOf(id, count))
  await showing
  return { client, manifold }
}

describe('the manifold', () => {
  it('offers the measures that the map has, accuracy first', async () => {
    const { manifold } = await shown()
    expect(manifold.measures.map(({ key }) => key)).toEqual(['accuracy', 'norm'])
    expect(manifold.measure?.key).toBe('accuracy')
    expect(manifold.domain.max).toBeCloseTo(2 / 3)
    manifold.wanted = 'norm'
    expect(manifold.measure?.key).toBe('norm')
    manifold.wanted = 'nothing like it'
    expect(manifold.measure?.key).toBe('accuracy')
  })

  it('of several runs is coloured and filtered by run, says which network is which, and chooses those of its own', async () => {
    const client = scriptedClient()
    const manifold = new ManifoldState(client, 'heron')
    const showing = manifold.show(1)
    const { result, arrays } = pointsOf(1, 3)
    const part = (run: string, count: number) => ({ run, name: run, step: 1, checkpoint: 'c', seed: 7, count, kin: null })
    const runs = [part('heron', 2), part('calm-otter', 1)]
    await client.asked[0].answer({ result: { ...result, count: 2, result: { ...result.result, runs } }, arrays })
    await showing
    expect(manifold.measures.map(({ key }) => key)).toEqual(['accuracy', 'norm', 'run'])
    // By run, where nothing else is asked for.
    expect(manifold.measure?.key).toBe('run')
    manifold.series = ['rgb(1, 2, 3)', 'rgb(4, 5, 6)']
    expect([...manifold.coloursIn(false, manifold.series)]).toEqual([1, 2, 3, 255, 1, 2, 3, 255, 4, 5, 6, 255])
    expect([0, 2].map((point) => manifold.nameOf(point))).toEqual(['Network 0 of heron', 'Network 0 of calm-otter'])
    expect(manifold.networkAt(2)).toMatchObject({ run: 'calm-otter', index: 0, seed: 7 })
    manifold.toggleRun('calm-otter')
    expect(manifold.visible).toEqual([2])
    manifold.toggleRun('calm-otter')
    expect(manifold.visible).toEqual([0, 1, 2])
    manifold.choose([1, 2])
    expect([[...manifold.chosen], manifold.leftOut]).toEqual([[1], 1])
    manifold.choose([2])
    expect([[...manifold.chosen], manifold.leftOut]).toEqual([[], 1])
    manifold.choose([])
    expect(manifold.leftOut).toBe(0)
  })

  it('tells of one network what its point is worth', async () => {
    const { manifold } = await shown()
    expect(manifold.summaryOf(1)).toEqual([
      { key: 'accuracy', title: 'Accuracy', text: '33.33\u00a0%' },
      { key: 'norm', title: 'Norm', text: '2' },
    ])
  })

  it('shows the newest map asked for, whatever answers last', async () => {
    const { client, manifold } = await shown()
    const [first, second] = [manifold.show(2), manifold.show(3)]
    await client.asked.at(-1)?.answer(pointsOf(3, 3))
    await client.asked[0].answer(pointsOf(2, 3))
    await Promise.all([first, second])
    expect(manifold.points?.map.id).toBe(3)
  })

  it('keeps the choice on another map of the same networks, as far as it has them, and drops it otherwise', async () => {
    const { client, manifold } = await shown()
    manifold.choose([0, 2])
    manifold.choose([1], true)
    expect([...manifold.chosen]).toEqual([0, 2, 1])
    const same = manifold.show(2)
    await client.asked[0].answer(pointsOf(2, 3))
    await same
    expect(manifold.chosen.size).toBe(3)
    const more = manifold.show(3)
    await client.asked[0].answer(pointsOf(3, 5))
    await more
    manifold.choose([4], true)
    expect([...manifold.chosen]).toEqual([0, 2, 1, 4])
    const fewer = manifold.show(2)
    await client.asked[0].answer(pointsOf(2, 3))
    await fewer
    expect([...manifold.chosen]).toEqual([0, 2, 1])
    const other = manifold.show(4)
    const { result, arrays } = pointsOf(4, 3)
    await client.asked[0].answer({ result: { ...result, seed: 8 }, arrays })
    await other
    expect(manifold.chosen.size).toBe(0)
  })

  it('shows points while they are laid out, without colours that are not known yet', async () => {
    const { client, manifold } = await shown()
    manifold.choose([2])
    const end = manifold.follow('t')
    client.send('analyses.watch', { done: 10, total: 1000, arrays: { coordinates: { shape: [1, 2], data: Float32Array.of(9, 9) } } })
    expect([...manifold.cloud.coordinates]).toEqual([9, 9])
    expect([...manifold.cloud.order]).toEqual([0])
    expect(manifold.measure).toBeNull()
    const settling = manifold.settle(taskOf({ made: [{ kind: 'map', id: '8' }] }))
    await client.asked[0].answer(pointsOf(8, 4))
    expect(await settling).toBe(8)
    expect(manifold.draft).toBeNull()
    expect(manifold.cloud.order).toHaveLength(4)
    end()
    expect(client.openStreams()).toEqual([])
  })

  it('goes back to the map before when the layout was cancelled', async () => {
    const { client, manifold } = await shown()
    manifold.follow('t')
    client.send('analyses.watch', { done: 10, total: 1000, arrays: { coordinates: { shape: [1, 2], data: Float32Array.of(9, 9) } } })
    expect(await manifold.settle(taskOf({ state: 'cancelled' }))).toBeNull()
    expect(manifold.cloud.order).toHaveLength(3)
  })

  it('knows which bookmarked networks are on the map', async () => {
    const { client, manifold } = await shown()
    const bookmark = (id: number, part: object) => ({
      id,
      run: 'heron',
      checkpoint: 'c',
      seed: 7,
      index: 1,
      label: 'a',
      accuracy: null,
      createdAt: 1,
      ...part,
    })
    const reading = manifold.readBookmarks()
    await client.asked[0].answer([bookmark(1, {}), bookmark(2, { seed: 8 }), bookmark(3, { index: 3 }), bookmark(4, { checkpoint: 'd' })])
    await reading
    expect(manifold.bookmarksOnMap.map(({ id }) => id)).toEqual([1])
  })

  it('hides what the filter leaves out, on the map as in the table', async () => {
    const { manifold } = await shown()
    manifold.filter = 'accuracy > 0.3 and norm = 2'
    expect(manifold.visible).toEqual([1, 2])
    expect([...manifold.cloud.order]).toEqual([1, 2])
    manifold.choose([2, 0])
    manifold.chosenOnly = true
    expect(manifold.offered).toEqual([0, 2])
    expect([...manifold.cloud.order]).toEqual([2])
    manifold.filter = 'weight > 1'
    expect(manifold.visible).toEqual([0, 2])
    manifold.choose([])
    expect(manifold.offered).toEqual([0, 1, 2])
  })

  it('writes numbers beside chosen networks that are shown, where that is wanted', async () => {
    const { manifold } = await shown()
    manifold.choose([2, 0])
    expect(manifold.labels).toEqual([])
    manifold.labelled = true
    manifold.filter = 'network > 0'
    expect(manifold.labels).toEqual([{ index: 2, text: '2' }])
  })

  it('can be looked at in the planes of its principal components', async () => {
    const { client, manifold } = await shown()
    expect(manifold.planes.map(({ value }) => value)).toEqual(['map', '1,2', '1,3', '2,3'])
    expect([...manifold.cloud.coordinates]).toEqual([1, 2, 3, 4, 5, 6])
    manifold.wantedPlane = '1,3'
    expect([...manifold.cloud.coordinates]).toEqual([1, 100, 2, 200, 3, 300])
    manifold.wantedPlane = '2,3'
    expect([...manifold.cloud.coordinates]).toEqual([10, 100, 20, 200, 30, 300])
    const old = manifold.show(2)
    await client.asked[0].answer(pointsOf(2, 4))
    await old
    expect(manifold.plane).toEqual({ value: 'map', label: 't-SNE' })
    expect(manifold.cloud.coordinates).toHaveLength(8)
  })

  it('knows which networks lie nearest, if the map does', async () => {
    const { client, manifold } = await shown()
    expect(manifold.neighboursOf(2)).toEqual([
      { index: 1, distance: 1 },
      { index: 0, distance: 2 },
    ])
    const old = manifold.show(2)
    await client.asked[0].answer(pointsOf(2, 4))
    await old
    expect(manifold.neighboursOf(2)).toBeNull()
  })

  it('says why a map cannot be shown', async () => {
    const { client, manifold } = await shown()
    const showing = manifold.show(2)
    await client.asked[0].fail(new LabError('corrupt', 'Map 2 is damaged.', 'Compute it again.'))
    await showing
    expect(manifold.error?.remedy).toBe('Compute it again.')
  })
})
