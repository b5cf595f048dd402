import { describe, expect, it, vi } from 'vitest'
import type { RunSummary } from '../../shared/contract/runs.ts'
import { LabError } from '../../shared/errors.ts'
import { scriptedClient } from '../testing/scripted-client.ts'
import { RunsState } from './runs.svelte.ts'

const run = (id: string, part: Partial<RunSummary> = {}): RunSummary => ({
  id,
  name: id,
  state: 'finished',
  step: 10,
  steps: 10,
  preset: 'mnist-quick',
  dataset: 'd',
  parent: null,
  seed: 1,
  family: null,
  tags: [],
  note: '',
  createdAt: 1,
  startedAt: 1,
  updatedAt: 1,
  endedAt: 2,
  seconds: 1,
  accuracy: null,
  tested: null,
  error: null,
  ...part,
})

function followed() {
  const client = scriptedClient()
  const runs = new RunsState(client)
  const end = runs.follow()
  return { client, runs, end, names: () => runs.items.map(({ id }) => id) }
}

describe('the list of runs', () => {
  it('is read once and then follows changes, the newest first', async () => {
    const { client, runs, names } = followed()
    expect(runs.ready).toBe(false)
    await client.asked[0].answer([run('a', { createdAt: 1 }), run('b', { createdAt: 2 })])
    expect(names()).toEqual(['b', 'a'])
    client.send('runs.watch', { changed: [run('c', { createdAt: 3, state: 'training' })], removed: ['a'] })
    expect(names()).toEqual(['c', 'b'])
    expect(runs.training.map(({ id }) => id)).toEqual(['c'])
    expect(runs.byId.get('b')?.name).toBe('b')
  })

  it('is read in parts, each from where the one before ended', async () => {
    const { client, names } = followed()
    const all = Array.from({ length: 101 }, (_, i) => run(`run ${i}`, { createdAt: 1000 - i }))
    await client.asked[0].answer(all.slice(0, 100))
    await vi.waitFor(() => expect(client.asked).toHaveLength(1))
    expect(client.asked[0].params).toEqual({ limit: 1000, before: 'run 99' })
    await client.asked[0].answer(all.slice(100))
    expect(names()).toEqual(all.map(({ id }) => id))
  })

  it('believes a change that came while it was being read more than what was read', async () => {
    const { client, runs, names } = followed()
    client.send('runs.watch', { changed: [run('a', { step: 9 })], removed: ['gone'] })
    await client.asked[0].answer([run('a', { step: 3 }), run('gone')])
    expect(names()).toEqual(['a'])
    expect(runs.byId.get('a')?.step).toBe(9)
  })

  it('is read anew when the connection was lost', async () => {
    const { client, names } = followed()
    await client.asked[0].answer([run('a')])
    client.reopen('runs.watch')
    await client.asked[0].answer([run('b')])
    expect(names()).toEqual(['b'])
  })

  it('says why it could not be read, and goes on with what it has', async () => {
    const { client, runs, names } = followed()
    await client.asked[0].answer([run('a')])
    client.reopen('runs.watch')
    await client.asked[0].fail(new LabError('disk', 'The disk is gone.', 'Mount it.'))
    expect(runs.error?.message).toBe('The disk is gone.')
    expect(names()).toEqual(['a'])
  })

  it('stops following', async () => {
    const { client, end } = followed()
    end()
    expect(client.openStreams()).toEqual([])
  })

  it('finds a run by id, name or the beginning of its id', async () => {
    const { client, runs } = followed()
    await client.asked[0].answer([run('calm-otter', { name: 'demo' }), run('calm-ibis'), run('mild-lynx')])
    expect(runs.find('calm-otter')?.id).toBe('calm-otter')
    expect(runs.find('demo')?.id).toBe('calm-otter')
    expect(runs.find('mild')?.id).toBe('mild-lynx')
    expect(runs.find('calm')).toBeUndefined()
    expect(runs.find('')).toBeUndefined()
  })

  it('knows every tag once', async () => {
    const { client, runs } = followed()
    await client.asked[0].answer([run('a', { tags: ['z', 'b'] }), run('c', { tags: ['b'] })])
    expect(runs.tags).toEqual(['b', 'z'])
  })
})
