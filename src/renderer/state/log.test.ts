import { describe, expect, it } from 'vitest'
import type { RunEvent } from '../../shared/contract/events.ts'
import { LabError } from '../../shared/errors.ts'
import { scriptedClient } from '../testing/scripted-client.ts'
import { LogState } from './log.svelte.ts'

const line = (id: number): RunEvent => ({ id, at: id, kind: 'state', level: 'info', step: null, text: `line ${id}` })
const linesTo = (count: number, first = 1): RunEvent[] => Array.from({ length: count }, (_, i) => line(first + i))

function followed() {
  const client = scriptedClient()
  const log = new LogState(client, 'heron')
  const end = log.follow()
  return { client, log, end, ids: () => log.lines.map(({ id }) => id) }
}

describe('a log', () => {
  it('is read, then followed from its last line on, each line once', async () => {
    const { client, log, end, ids } = followed()
    expect(log.ready).toBe(false)
    await client.asked[0].answer([line(3), line(5)])
    expect(log).toMatchObject({ ready: true, older: false })
    expect(client.openedWith()).toEqual([{ run: 'heron', after: 5 }])
    client.send('events.watch', [line(8)])
    client.send('events.watch', [line(8), line(9)])
    expect(ids()).toEqual([3, 5, 8, 9])
    end()
    expect(client.openStreams()).toEqual([])
  })

  it('gives older lines where it is long', async () => {
    const { client, log, ids } = followed()
    await client.asked[0].answer(linesTo(500, 101))
    expect(log.older).toBe(true)
    const reading = log.readOlder()
    expect(client.asked[0].params).toMatchObject({ run: 'heron', before: 101 })
    await client.asked[0].answer(linesTo(100))
    await reading
    expect(ids()).toEqual(Array.from({ length: 600 }, (_, i) => i + 1))
    expect(log.older).toBe(false)
  })

  it('says why it cannot be read', async () => {
    const { client, log } = followed()
    await client.asked[0].fail(new LabError('not-found', 'There is no run heron.', 'List them.'))
    expect(log.error?.message).toBe('There is no run heron.')
  })

  it('that nobody follows any more opens nothing', async () => {
    const { client, end } = followed()
    end()
    await client.asked[0].answer([line(1)])
    expect(client.openStreams()).toEqual([])
  })
})
