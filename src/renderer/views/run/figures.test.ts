import { expect, it } from 'vitest'
import type { RunSummary } from '../../../shared/contract/runs.ts'
import type { RunState } from '../../state/run.svelte.ts'
import { runDetails } from '../../testing/run-details.ts'
import { emptyApp, shown } from '../../testing/shown.ts'
import { taskOf } from '../../testing/task.ts'
import Figures from './Figures.svelte'

const values: Record<string, number> = { 'sampled.mean': 0.9, 'sampled.min': 0.8, 'sampled.max': 0.95, stepMilliseconds: 250 }
const state = {
  details: null,
  metrics: { last: (name: string) => values[name] ?? null, recentMean: (name: string) => (name === 'stepMilliseconds' ? 500 : null) },
} as unknown as RunState
const summary = {
  ...runDetails().run,
  ...{ state: 'training', step: 40, steps: 100, seconds: 75, tested: { networks: 20, images: 1000 } },
} as RunSummary
const told = (of: RunSummary, app = emptyApp()) => shown(Figures, { state, summary: of }, app).text.replaceAll('\u00a0', ' ')

it('a run in training is told by its step, what is left of it, and how good sampled networks are', () => {
  const text = told(summary)
  expect(text).toContain('Step 40 of 100')
  // Sixty steps of half a second.
  expect(text).toMatch(/Remaining 30(\.0)? s 1 min 15 s so far/)
  expect(text).toMatch(/90\.0 % \[88\.0, 91\.7\] 20 networks on 1,000 validation images, worst to best: 80\.0 % to 95\.0 %/)
  expect(text).toContain('Step time 250 ms, the last step')
})

it('what its task says of the time that is left goes before', () => {
  const app = emptyApp()
  app.tasks.apply([taskOf({ kind: 'train', run: summary.id, state: 'running', remaining: 600 })], [])
  expect(told(summary, app)).toMatch(/Remaining 10 min( 00 s)? 1 min 15 s so far/)
  expect(told({ ...summary, state: 'finished' }, app)).toMatch(/Trained for 1 min 15 s finished/)
})
