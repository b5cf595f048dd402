import { describe, expect, it } from 'vitest'
import type { NetworkCard } from '../../../shared/contract/networks.ts'
import type { Filters } from '../../../shared/contract/runs.ts'
import { LabError } from '../../../shared/errors.ts'
import { scriptedClient } from '../../testing/scripted-client.ts'
import { CardState } from './card.svelte.ts'

const filters: Filters = { step: 1, networks: 1, kernel: 1, channels: 1, filters: 1, values: new Float32Array(1) }
const which = (index: number) => ({ run: 'heron', index, seed: 7, at: 100, split: 'test' as const, images: 10 })

const card = (index: number, known: Filters | null): NetworkCard => ({
  ...{ run: 'heron', checkpoint: 'c', step: 100, seed: 7, index, images: 10, accuracy: 0.9, loss: 0.3, filters: known },
  ...{ classAccuracies: [0.9], classNames: ['a'], confusion: new Uint32Array(1) },
  worst: {
    pictures: { indices: new Uint32Array(0), labels: new Uint8Array(0), height: 1, width: 1, channels: 1, pixels: new Uint8Array(0) },
    predicted: [],
    probability: [],
  },
})

describe('an opened network', () => {
  it('has its filters sampled where they are not known', async () => {
    const client = scriptedClient()
    const shown = new CardState(client)
    const opening = shown.open(which(3))
    await client.asked[0].answer(card(3, null))
    expect(shown.card?.index).toBe(3)
    expect(client.asked[0].params).toEqual({ run: 'heron', index: 3, seed: 7, at: 100 })
    await client.asked[0].answer(filters)
    await opening
    expect(shown.filters).toBe(filters)
  })

  it('samples nothing where they are', async () => {
    const client = scriptedClient()
    const shown = new CardState(client)
    const opening = shown.open(which(3))
    await client.asked[0].answer(card(3, filters))
    await opening
    expect(client.calls).toHaveLength(1)
  })

  it('is the one opened last', async () => {
    const client = scriptedClient()
    const shown = new CardState(client)
    const [first, second] = [shown.open(which(1)), shown.open(which(2))]
    await client.asked[1].answer(card(2, filters))
    await client.asked[0].answer(card(1, filters))
    await Promise.all([first, second])
    expect(shown.card?.index).toBe(2)
    expect(shown.reading).toBe(false)
  })

  it('is not what was answered in the moment in which another was opened', async () => {
    const client = scriptedClient()
    const shown = new CardState(client)
    const first = shown.open(which(1))
    void client.asked[0].answer(card(1, filters))
    const second = shown.open(which(2))
    await first
    expect(shown.card).toBeNull()
    await client.asked[0].answer(card(2, filters))
    await second
    expect(shown.card?.index).toBe(2)
  })

  it('is shown without its filters while the engine is busy', async () => {
    const client = scriptedClient()
    const shown = new CardState(client)
    const opening = shown.open(which(1))
    await client.asked[0].answer(card(1, null))
    await client.asked[0].fail(new LabError('conflict', 'The engine is busy.', 'Wait for it.'))
    await opening
    expect(shown.card).not.toBeNull()
    expect(shown.filtersError?.code).toBe('conflict')
  })

  it('says why it cannot be shown', async () => {
    const client = scriptedClient()
    const shown = new CardState(client)
    const opening = shown.open(which(1))
    await client.asked[0].fail(new LabError('not-found', 'Not tested.', 'Test it.'))
    await opening
    expect(shown.card).toBeNull()
    expect(shown.error?.remedy).toBe('Test it.')
  })
})
