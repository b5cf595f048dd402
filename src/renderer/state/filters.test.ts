import { describe, expect, it } from 'vitest'
import type { Filters } from '../../shared/contract/runs.ts'
import { LabError } from '../../shared/errors.ts'
import { scriptedClient } from '../testing/scripted-client.ts'
import { FiltersState } from './filters.svelte.ts'

const filtersAt = (step: number): Filters => ({ step, networks: 1, kernel: 1, channels: 1, filters: 1, values: new Float32Array(1) })
const busy = new LabError('conflict', 'Filters cannot be sampled while the engine is busy.', 'Look again.')

function made() {
  const client = scriptedClient()
  return { client, filters: new FiltersState(client, 'heron') }
}

describe('filters of a run', () => {
  it('are said to be sampled while they are', async () => {
    const { client, filters } = made()
    filters.sample()
    expect(filters).toMatchObject({ busy: true, value: null, error: null })
    await client.asked[0].answer(filtersAt(700))
    expect(filters).toMatchObject({ busy: false, value: { step: 700 } })
  })

  it('say why they could not be, and are sampled when it is tried again', async () => {
    const { client, filters } = made()
    filters.sample()
    await client.asked[0].fail(busy)
    expect(filters).toMatchObject({ busy: false, error: { code: 'conflict' } })
    filters.sample()
    expect(filters.error).toBeNull()
    await client.asked[0].answer(filtersAt(700))
    expect(filters.value?.step).toBe(700)
  })

  it('that nobody waits for any more change nothing', async () => {
    const { client, filters } = made()
    filters.sample()()
    filters.sample()
    const [, newer] = client.asked
    await client.asked[0].answer(filtersAt(1))
    expect(filters).toMatchObject({ busy: true, value: null, error: null })
    await newer.answer(filtersAt(2))
    expect(filters.value?.step).toBe(2)
  })

  it('change while the run trains', () => {
    const { client, filters } = made()
    const end = filters.watch()
    client.send('filters.watch', filtersAt(10))
    client.send('filters.watch', filtersAt(20))
    expect(filters).toMatchObject({ busy: false, value: { step: 20 } })
    end()
    expect(client.openStreams()).toEqual([])
  })
})
