import { expect, it } from 'vitest'
import { presets } from '../../shared/presets.ts'
import { otherTargets } from './other-targets.ts'

const document = presets['mnist-quick']
const own = { id: 'heron', document, dataset: 'digits' }
const run = (id: string, dataset = 'digits') => ({ id, name: `the ${id}`, dataset })

it('are the run’s own first, those that fit its images, and those of some runs on the same data', () => {
  const found = otherTargets(own, [
    run('heron'),
    run('finch'),
    run('lynx', 'letters'),
    ...Array.from({ length: 9 }, (_, i) => run(`r${i}`)),
  ])
  expect(found[0]).toEqual({ value: 'own', label: 'The run’s own', note: '20,018 weights' })
  expect(found.slice(-6).map(({ value }) => value)).toEqual(['finch', 'r0', 'r1', 'r2', 'r3', 'r4'])
  expect(found.find(({ value }) => value === 'finch')?.label).toBe('That of the finch')
  const small = { ...document, target: { ...document.target, input: { height: 6, width: 6, channels: 1 } } }
  expect(otherTargets({ ...own, document: small }, []).map(({ value }) => value)).not.toContain('lenet-5')
})
