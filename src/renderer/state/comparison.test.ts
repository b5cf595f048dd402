import { describe, expect, it } from 'vitest'
import { LabError } from '../../shared/errors.ts'
import { scriptedClient } from '../testing/scripted-client.ts'
import { ComparisonState } from './comparison.svelte.ts'

const points = (name: string, ...steps: number[]) => ({ name, steps: Float64Array.from(steps), values: Float64Array.from(steps) })

function made() {
  const client = scriptedClient()
  return { client, comparing: new ComparisonState(client) }
}

describe('runs side by side', () => {
  it('go on while they train, each with its own curves', async () => {
    const { client, comparing } = made()
    comparing.show(['a'])
    await client.asked[0].answer([points('entropy', 1, 2), points('sampled.mean', 2)])
    const [{ metrics }] = comparing.runs
    expect([...metrics.of('entropy').steps]).toEqual([1, 2])
    expect(comparing.testsOf('a')).toBe(2)
    client.send('metrics.watch', { series: [points('entropy', 3), points('sampled.mean', 3)], gap: false })
    expect([...metrics.of('entropy').steps]).toEqual([1, 2, 3])
    expect(comparing.testsOf('a')).toBe(3)
  })

  it('are read once: another that is added leaves those before as they are, and one taken out is followed no more', async () => {
    const { client, comparing } = made()
    comparing.show(['a'])
    await client.asked[0].answer([points('entropy', 1)])
    const [{ metrics }] = comparing.runs
    comparing.show(['a', 'b'])
    expect(client.asked).toHaveLength(1)
    expect(client.asked[0].params).toMatchObject({ run: 'b' })
    await client.asked[0].answer([points('entropy', 1)])
    expect(comparing.runs[0].metrics).toBe(metrics)
    expect(client.openStreams()).toHaveLength(2)
    comparing.show(['b'])
    expect(client.openStreams()).toHaveLength(1)
    comparing.close()
    expect(client.openStreams()).toEqual([])
  })

  it('show the newest answer about their results', async () => {
    const { client, comparing } = made()
    const reads = [comparing.read(['a']), comparing.read(['a', 'b'])]
    const [first, second] = [...client.asked]
    await second.answer({ settings: [], results: [{ run: 'b' }] })
    await first.answer({ settings: [], results: [] })
    await Promise.all(reads)
    expect(comparing.value?.results).toHaveLength(1)
  })

  it('say which cannot be read', async () => {
    const { client, comparing } = made()
    comparing.show(['gone'])
    await client.asked[0].fail(new LabError('not-found', 'There is no run gone.', 'List them.'))
    expect(comparing.error?.message).toBe('There is no run gone.')
  })
})
