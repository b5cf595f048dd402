import { expect, it } from 'vitest'
import { scriptedClient } from '../testing/scripted-client.ts'
import { SystemState } from './system.svelte.ts'

it('the machine’s load is shown as it is now, after that of the last minutes', () => {
  const client = scriptedClient()
  const system = new SystemState(client)
  const end = system.followLoad()
  for (let at = 0; at < 200; at++) client.send('system.load', { at, cpu: 0, memoryUsed: 0, memoryTotal: 0, engineBytes: 0, gpu: null })
  expect(system.load?.at).toBe(199)
  expect(system.loads.map(({ at }) => at)).toEqual(Array.from({ length: 180 }, (_, i) => 20 + i))
  end()
  expect(client.openStreams()).toEqual([])
})

it('of what the lab has to say the newest five hundred stay', () => {
  const client = scriptedClient()
  const system = new SystemState(client)
  const note = (at: number) => ({ at, level: 'info' as const, message: String(at) })
  system.followNotes()()
  const end = system.followNotes()
  for (let at = 0; at < 600; at += 2) client.send('system.notes', { notes: [note(at), note(at + 1)] })
  expect(system.notes.map(({ at }) => at)).toEqual(Array.from({ length: 500 }, (_, i) => 100 + i))
  end()
  expect(client.openStreams()).toEqual([])
})
