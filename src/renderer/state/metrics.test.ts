import { describe, expect, it } from 'vitest'
import { scriptedClient } from '../testing/scripted-client.ts'
import { MetricsState } from './metrics.svelte.ts'

const series = (name: string, ...steps: number[]) => ({
  name,
  steps: Float64Array.from(steps),
  values: Float64Array.from(steps, (step) => step * 2),
})
const fail = (thrown: unknown) => {
  throw thrown
}

async function followed(...steps: number[]) {
  const client = scriptedClient()
  const metrics = new MetricsState(client, 'r', ['loss'])
  const end = metrics.follow(fail)
  await client.asked[0].answer([series('loss', ...steps)])
  return { client, metrics, end, steps: () => [...metrics.of('loss').steps] }
}

describe('metrics', () => {
  it('follow from where reading ended', async () => {
    const { client, metrics, steps } = await followed(1, 2, 3)
    expect(client.openStreams()).toEqual(['metrics.watch'])
    // The newest step comes once more: what sampled networks say of it is measured after it.
    expect(client.openedWith()).toEqual([{ run: 'r', names: ['loss'], from: 2 }])
    client.send('metrics.watch', { series: [series('loss', 4, 5)], gap: false })
    expect(steps()).toEqual([1, 2, 3, 4, 5])
    expect(metrics.last('loss')).toBe(10)
    expect(metrics.last('entropy')).toBeNull()
  })

  it('tell the mean of their last fifty points', async () => {
    const { metrics } = await followed(...Array.from({ length: 60 }, (_, step) => step))
    expect(metrics.recentMean('loss')).toBe(10 + 59)
    expect(metrics.recentMean('entropy')).toBeNull()
  })

  it('tell no mean of so few that it rests on nothing, nor with the first, which is set-up', async () => {
    const of = async (...steps: number[]) => (await followed(...steps)).metrics.recentMean('loss')
    expect(await of(9000, 2, 3, 4, 5)).toBeNull()
    expect(await of(9000, 2, 3, 4, 5, 6)).toBe(8)
  })

  it('are points and nothing more: charts give them names of their own', async () => {
    const { metrics } = await followed(1)
    expect(Object.keys(metrics.of('loss')).toSorted()).toEqual(['steps', 'values'])
  })

  it('are read anew after a gap', async () => {
    const { client, steps } = await followed(1)
    client.send('metrics.watch', { series: [series('loss', 9)], gap: true })
    await client.asked[0].answer([series('loss', 1, 5, 9)])
    expect(steps()).toEqual([1, 5, 9])
    expect(client.openStreams()).toEqual(['metrics.watch'])
  })

  it('forget steps that were taken back', async () => {
    const { client, steps } = await followed(1, 2, 3)
    client.send('metrics.watch', { series: [series('loss', 2)], gap: false })
    expect(steps()).toEqual([1, 2])
  })

  it('show finer points of a part, until the whole is wanted', async () => {
    const { client, metrics, steps } = await followed(1, 100)
    const zoomed = metrics.zoom({ min: 10.2, max: 12.7 })
    expect(client.asked[0].params).toMatchObject({ from: 10, to: 13 })
    await client.asked[0].answer([series('loss', 10, 11, 12, 13)])
    await zoomed
    expect(steps()).toEqual([10, 11, 12, 13])
    await metrics.zoom(null)
    expect(steps()).toEqual([1, 100])
  })

  it('take the last of two zooms, whichever answers last', async () => {
    const { client, metrics, steps } = await followed(1)
    const zooms = [metrics.zoom({ min: 1, max: 2 }), metrics.zoom({ min: 3, max: 4 })]
    const [first, second] = [...client.asked]
    await second.answer([series('loss', 3, 4)])
    await first.answer([series('loss', 1, 2)])
    await Promise.all(zooms)
    expect(steps()).toEqual([3, 4])
  })

  it('stop when nobody looks', async () => {
    const { client, end } = await followed(1)
    end()
    expect(client.openStreams()).toEqual([])
  })
})
