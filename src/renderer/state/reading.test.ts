import { describe, expect, it } from 'vitest'
import { LabError } from '../../shared/errors.ts'
import { scriptedClient } from '../testing/scripted-client.ts'
import { Reading } from './reading.svelte.ts'

function previewed() {
  const client = scriptedClient()
  const ask = (signal: AbortSignal, at: number) => client.call('reports.preview', { run: 'heron', at }, { signal })
  return { client, preview: new Reading(ask) }
}

describe('what the lab is asked for', () => {
  it('is what was asked for last', async () => {
    const { client, preview } = previewed()
    const [first, second] = [preview.read(10), preview.read(40)]
    expect(client.calls.map(({ params }) => params)).toEqual([
      { run: 'heron', at: 10 },
      { run: 'heron', at: 40 },
    ])
    await client.asked[1].answer({ html: 'second' })
    await client.asked[0].answer({ html: 'first' })
    await Promise.all([first, second])
    expect(preview).toMatchObject({ value: { html: 'second' }, busy: false })
  })

  it('says why there is none', async () => {
    const { client, preview } = previewed()
    const reading = preview.read(1)
    await client.asked[0].fail(new LabError('not-found', 'No checkpoint.', 'Train first.'))
    await reading
    expect(preview.error?.message).toBe('No checkpoint.')
  })

  it('is waited for no longer once it was let go', async () => {
    const { client, preview } = previewed()
    const reading = preview.read(1)
    preview.stop()
    await client.asked[0].answer({ html: 'late' })
    await reading
    expect(preview).toMatchObject({ value: null, error: null, busy: false })
  })
})
