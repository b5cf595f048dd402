import { describe, expect, it, vi } from 'vitest'
import { LabError } from '../../shared/errors.ts'
import { presets } from '../../shared/presets.ts'
import { scriptedClient } from '../testing/scripted-client.ts'
import { ExperimentDraft, readNumber } from './experiment.svelte.ts'

const plan = (lambda = 1000) => ({
  document: { ...presets['mnist-quick'], method: { ...presets['mnist-quick'].method, lambda } },
  differs: lambda === 1000 ? [] : [{ key: 'method.lambda', value: lambda, preset: 1000 }],
  estimate: { stepSeconds: 0.1, seconds: 70, memoryBytes: 1, diskBytes: 1, basis: 'b' },
  command: 'c',
  weights: 20_018,
})

describe('an experiment being put together', () => {
  it('shows what holds where nothing was typed', async () => {
    const client = scriptedClient()
    const draft = new ExperimentDraft(client)
    draft.choose({ data: 'leaves' })
    expect(client.asked[0].params).toEqual({ from: 'mnist-quick', data: 'leaves', settings: [] })
    await client.asked[0].answer(plan())
    expect(draft.textOf('method.lambda')).toBe('1000')
    expect(draft.presetOf('method.lambda')).toBeNull()
  })

  it('asks once for what was typed quickly, and not for what is no number', async () => {
    vi.useFakeTimers()
    const client = scriptedClient()
    const draft = new ExperimentDraft(client)
    draft.type('method.lambda', '3')
    draft.type('method.lambda', '3e3')
    draft.type('seed', 'abc')
    await vi.advanceTimersByTimeAsync(300)
    vi.useRealTimers()
    expect(client.calls).toHaveLength(1)
    expect(client.asked[0].params).toMatchObject({ settings: [{ key: 'method.lambda', value: 3000 }] })
    expect(draft.errorOf('seed')).toBe('Enter a number.')
    await client.asked[0].answer(plan(3000))
    expect(draft.textOf('method.lambda')).toBe('3e3')
    expect(draft.presetOf('method.lambda')).toBe('1000')
  })

  it('puts what the lab refuses at its field', async () => {
    const client = scriptedClient()
    const draft = new ExperimentDraft(client)
    draft.typed = { 'training.steps': '-4', seed: '1' }
    void draft.read()
    await client.asked[0].fail(
      new LabError('invalid-argument', 'training.steps: too small.', 'Give more.', { settings: { 'training.steps': null } }),
    )
    expect(draft.errorOf('training.steps')).toBe('training.steps: too small.')
    expect(draft.errorOf('seed')).toBeNull()
  })

  it('ignores an answer that was overtaken', async () => {
    const client = scriptedClient()
    const draft = new ExperimentDraft(client)
    void draft.read()
    void draft.read()
    const [first, second] = [...client.asked]
    await second.answer(plan(2))
    await first.answer(plan(1))
    expect(draft.plan?.document.method).toMatchObject({ lambda: 2 })
  })

  it('reads numbers as people write them', () => {
    expect(readNumber(' 1e-3 ')).toBe(0.001)
    expect(readNumber('')).toBeNull()
    expect(readNumber('1,5')).toBeNull()
  })
})
