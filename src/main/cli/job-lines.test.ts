import { afterEach, expect, it, vi } from 'vitest'
import type { JobStatus } from '../lab/context/job-queue.ts'
import type { CliHost } from './cli-host.ts'
import { JobLines } from './job-lines.ts'

afterEach(() => vi.restoreAllMocks())

it('a network that is under way is not counted yet', () => {
  const said: string[] = []
  const lines = new JobLines({ stderr: (text: string) => said.push(text) } as unknown as CliHost)
  const now = vi.spyOn(performance, 'now')
  const show = (at: number, done: number): void => {
    now.mockReturnValue(at)
    lines.show({ id: '1', kind: 'evaluate', state: 'running', done, total: 100, seconds: 0.001 * at, metrics: {} } as JobStatus)
  }
  show(0, 0.5)
  show(18_000, 35.99712023038157)
  show(49_000, 100)
  expect(said).toEqual(['evaluating: 35 of 100 networks, 18\u00a0s\n', 'evaluating: 100 of 100 networks, 49\u00a0s\n'])
})
