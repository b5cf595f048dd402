import { afterEach, expect, it, vi } from 'vitest'
import type { EngineJob } from '../../shared/engine-protocol.ts'
import { networksRun } from './device.ts'

afterEach(() => vi.unstubAllEnvs())

it('is as the run was begun, as WEIGHTSCAPE_DEVICE asks, or for TensorFlow to tell where a GPU is seen', () => {
  const begun = (networks: string) => ({ kind: 'train', networks }) as EngineJob
  const other = { kind: 'sample' } as EngineJob
  vi.stubEnv('WEIGHTSCAPE_DEVICE', undefined)
  expect([networksRun(other, []), networksRun(other, ['L4'])]).toEqual(['one by one', null])
  vi.stubEnv('WEIGHTSCAPE_DEVICE', 'gpu')
  expect([networksRun(other, []), networksRun(begun('one by one'), ['L4'])]).toEqual(['all at once', 'one by one'])
  vi.stubEnv('WEIGHTSCAPE_DEVICE', 'cpu')
  expect([networksRun(other, ['L4']), networksRun(begun('all at once'), [])]).toEqual(['one by one', 'all at once'])
})
