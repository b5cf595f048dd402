import { expect, it } from 'vitest'
import { presets } from '../shared/presets.ts'
import { mostOtherRuns, otherRunsFault, readRunAt } from './other-runs.ts'

const run = (id: string, change: object = {}) => ({ id, name: id, document: { ...structuredClone(presets['mnist-quick']), ...change } })
const own = run('own')
const others = (count: number) => Array.from({ length: count }, (_, i) => run(`other-${i}`))
const said = (of: ReturnType<typeof others>, tested = false) => otherRunsFault(own, of, 'with', tested)?.message ?? null

it('as many other runs as there are colours besides are taken, and each once', () => {
  expect(said(others(mostOtherRuns))).toBeNull()
  expect(said(others(mostOtherRuns + 1))).toBe('8 other runs are too many: colours tell 8 runs apart.')
  expect(said([run('a'), run('b'), run('a')])).toBe('a is named twice.')
  expect(said([run('own')])).toMatch(/is the run itself/)
})

it('those of another target are refused, those of other images only where they are tried on these', () => {
  const { target, data } = own.document
  const smaller = run('small', { target: { ...target, layers: target.layers.toSpliced(-2, 1) } })
  expect(said([run('a'), smaller])).toMatch(/^The target network of small is another one/)
  const elsewhere = run('else', { data: { ...data, split: { train: 100, validation: 10, test: 10 } } })
  expect(said([elsewhere])).toBeNull()
  expect(said([elsewhere], true)).toMatch(/^else learned from other images, or another split/)
  expect(readRunAt('calm-otter@300')).toEqual({ run: 'calm-otter', at: 300 })
})
