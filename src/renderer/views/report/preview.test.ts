import { describe, expect, it } from 'vitest'
import { LabError } from '../../../shared/errors.ts'
import { scriptedClient } from '../../testing/scripted-client.ts'
import { PreviewState } from './preview.svelte.ts'

describe('the preview of a report', () => {
  it('is of the checkpoint asked for last', async () => {
    const client = scriptedClient()
    const preview = new PreviewState(client, 'heron')
    const [first, second] = [preview.read(null), preview.read(40)]
    expect(client.calls.map(({ params }) => params)).toEqual([{ run: 'heron' }, { run: 'heron', at: 40 }])
    await client.asked[1].answer({ html: 'second' })
    await client.asked[0].answer({ html: 'first' })
    await Promise.all([first, second])
    expect(preview.html).toBe('second')
    expect(preview.reading).toBe(false)
  })

  it('says why there is none', async () => {
    const client = scriptedClient()
    const preview = new PreviewState(client, 'heron')
    const reading = preview.read(null)
    await client.asked[0].fail(new LabError('not-found', 'No checkpoint.', 'Train first.'))
    await reading
    expect(preview.error?.message).toBe('No checkpoint.')
  })
})
