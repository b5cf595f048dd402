import { describe, expect, it } from 'vitest'
import { LabError } from '../../shared/errors.ts'
import { presets } from '../../shared/presets.ts'
import type { DataReference, JobOf } from '../../shared/engine-protocol.ts'
import { outOfMemoryKills } from '../process/process-usage.ts'
import { checkMemory, estimateBytes, outOfMemory } from './memory.ts'

const data = {
  count: 70_000,
  height: 28,
  width: 28,
  channels: 1,
  classes: 10,
  split: { train: 55_000, validation: 5000, test: 10_000 },
} as DataReference
const document = presets['mnist-paper']
const training: JobOf<'train'> = { kind: 'train', document, data }

describe('memory', () => {
  it('is asked for by process, and by what the document asks for', () => {
    const one = estimateBytes(training, 1)
    expect(estimateBytes(training, 2)).toBeGreaterThan(1.5 * one)
    const wide = { ...training, document: { ...document, method: { ...document.method, noiseBatch: 3200 } } }
    expect(estimateBytes(wide, 1) - one).toBeGreaterThan(3100 * 20_018 * 4)
    expect(estimateBytes(training, 2)).toBeLessThan(2e9)
    const changed = (part: Partial<Record<'training' | 'method' | 'evaluation', object>>) => {
      const parts = Object.entries(part).map(([key, value]) => [key, { ...document[key as 'training'], ...value }])
      return estimateBytes({ ...training, document: { ...document, ...Object.fromEntries(parts) } as typeof document }, 1) - one
    }
    // Networks are shared out: twice as many cost two processes together what they cost one.
    const twice = { ...training, document: { ...document, method: { ...document.method, noiseBatch: 64 } } }
    expect(estimateBytes(twice, 2) - estimateBytes(training, 2)).toBe(estimateBytes(twice, 1) - one)
    // 60,000 images a network: its bytes and those prepared ahead, but no more of them at a time than before.
    expect(changed({ training: { imageBatch: 60_000 } })).toBeGreaterThan(100e6)
    expect(changed({ training: { imageBatch: 60_000 } })).toBeLessThan(1e9)
    // 20 million parameters with two moments, a gradient and a copy.
    expect(changed({ method: { extractor: [4000, 4000] } })).toBeGreaterThan(20e6 * 7 * 4 * 0.9)
    expect(changed({ evaluation: { networks: 5000, images: 5000 } })).toBeGreaterThan(0.9 * 4 * 5000 * 5000 * 10)
  })

  it('of an analysis is asked for by its networks, and by all that they said before', () => {
    const of = (analysis: string, count: number, more: Partial<JobOf<'analysis'>> = {}) => {
      const about = { kind: 'analysis', document, data, seed: 1, options: {}, split: 'validation', images: 1000 } as const
      return estimateBytes({ ...about, analysis, count, ...more }, 1)
    }
    // Weights, and what they say of a thousand images, four bytes each.
    expect(of('evaluation', 300) - of('evaluation', 100)).toBe(4 * 200 * (20_018 + 1000 * 10))
    const vote = (networks: number) => of('ensemble', 5, { probabilities: { path: '', networks } })
    expect(vote(300) - vote(100)).toBe(4 * 200 * 1000 * 10)
  })

  it('that does not suffice is an error before anything starts', () => {
    expect(() => checkMemory(training, 2, 100e9)).not.toThrow()
    expect(() => checkMemory(training, 2, 1e8)).toThrow(
      expect.objectContaining({ code: 'memory', remedy: expect.stringContaining('networks or images per step') as string }),
    )
  })

  it('is recognised in errors of TensorFlow and Node; other errors pass as they are', () => {
    expect(outOfMemory(new Error('OOM when allocating tensor with shape[1,2]'))).toMatchObject({ code: 'memory' })
    expect(outOfMemory(new RangeError('Array buffer allocation failed'))).toMatchObject({ code: 'memory' })
    for (const other of [new Error('shape'), new LabError('disk', 'out of memory', ''), 'text']) expect(outOfMemory(other)).toBe(other)
  })

  it('counts kills without failing anywhere', () => {
    expect(outOfMemoryKills()).toBeGreaterThanOrEqual(0)
  })
})
