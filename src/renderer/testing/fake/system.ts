/** A made-up machine. */
import type { Json } from '../../state/preferences.svelte.ts'
import type { FakeMethods, FakeStreams } from '../fake-lab.ts'

const GB = 1e9

export function fakeSystem(): { answers: FakeMethods; sources: FakeStreams } {
  const preferences: Record<string, Json> = {}
  const used = { datasets: 0.11 * GB, checkpoints: 2.9 * GB, caches: 0.84 * GB, other: 0.02 * GB }
  const answers: FakeMethods = {
    'system.info': () => ({
      version: '0.1.0',
      program: 'npm run lab --',
      platform: 'linux x64',
      node: '24.21.0',
      cpu: 'AMD EPYC 9554 64-Core Processor',
      cores: 2,
      memoryBytes: 16.7 * GB,
      device: { kind: 'cpu', name: 'CPU, oneDNN with AVX-512', unused: null },
      farmProcesses: 2,
      dataDir: '/home/ada/.local/share/weightscape',
      used,
      free: 121 * GB,
      mended: ['Run sunny-ibis was left training when the lab ended: it is interrupted, and goes on from step 4,250.'],
    }),
    'system.clearCaches': () => {
      const bytes = used.caches
      used.caches = 0
      return { bytes }
    },
    'preferences.get': () => preferences,
    'preferences.set': ({ key, value }) => {
      preferences[key] = value
      return {}
    },
  }
  const sources: FakeStreams = {
    'system.load': (_params, send) => {
      let at = 0
      const tick = () => {
        at++
        send({
          at: Date.now(),
          cpu: 0.82 + 0.12 * Math.sin(at / 3),
          memoryUsed: 6.1 * GB + 0.2 * GB * Math.sin(at / 7),
          memoryTotal: 16.7 * GB,
          engineBytes: 1.34 * GB,
          gpu: null,
        })
      }
      tick()
      const timer = setInterval(tick, 1000)
      return () => clearInterval(timer)
    },
    'system.notes': (_params, send) => {
      send({
        notes: [
          { at: Date.now() - 900_000, level: 'info', message: 'The data folder was opened; 1 run was mended.' },
          { at: Date.now() - 840_000, level: 'info', message: 'calm-otter: training on CPU, 2 processes.' },
          { at: Date.now() - 60_000, level: 'warn', message: 'calm-otter: 3 batches of metrics waited for the disk.' },
        ],
      })
      return () => undefined
    },
  }
  return { answers, sources }
}
