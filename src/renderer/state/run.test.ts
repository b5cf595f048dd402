import { expect, it } from 'vitest'
import type { RunSummary } from '../../shared/contract/runs.ts'
import { runDetails } from '../testing/run-details.ts'
import { scriptedClient } from '../testing/scripted-client.ts'
import { RunState } from './run.svelte.ts'

it('a run is read anew where it may have another checkpoint, state, name, note or tags, or a task has ended', async () => {
  const client = scriptedClient()
  const state = new RunState(client, 'heron')
  const reading = state.read()
  const details = runDetails()
  details.run.document.training.checkpointEvery = 50
  await client.asked[0].answer(details)
  await reading
  const summary = { ...details.run, state: 'training', step: 100, seconds: 3 } as RunSummary
  const stamp = (change: Partial<RunSummary>, ended = 0) => state.stamp({ ...summary, ...change }, ended)
  // Many times a second there is nothing new.
  for (const same of [{ step: 149 }, { seconds: 9 }]) expect(stamp(same)).toBe(stamp({}))
  for (const other of [{ step: 150 }, { state: 'paused' }, { name: 'ibis' }, { note: 'x' }, { tags: ['a'] }, { seconds: 0 }] as const)
    expect(stamp(other as Partial<RunSummary>)).not.toBe(stamp({}))
  expect(stamp({}, 1)).not.toBe(stamp({}))
})
