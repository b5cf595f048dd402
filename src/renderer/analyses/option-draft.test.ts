import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import type { Analysis } from '../../analyses/analysis.ts'
import { distillation } from '../../analyses/distillation/definition.ts'
import { distillationBench } from '../../analyses/distillation-bench/definition.ts'
import { ensemble } from '../../analyses/ensemble/definition.ts'
import { map } from '../../analyses/map/definition.ts'
import { outsider } from '../../analyses/outsider/definition.ts'
import { paths } from '../../analyses/paths/definition.ts'
import { OptionDraft } from './option-draft.svelte.ts'

const draftOf = (analysis: Analysis, count = 100) => new OptionDraft(analysis, () => ({ count }))

describe('fields made from a schema', () => {
  it('say their names, symbols, limits and defaults', () => {
    const draft = draftOf(distillation)
    const rate = draft.facts.find(({ key }) => key === 'learningRate')
    expect(rate).toMatchObject({ title: 'Learning rate', symbol: '\u03b7', type: 'number', max: 1, above: true })
    expect(draft.standardOf('learningRate')).toBe('0.002')
    expect(draft.standardOf('width')).toBe('1')
  })

  it('are shown where another one has a value that they are for, of one or several', () => {
    const draft = draftOf(paths)
    const keys = () => draft.facts.map(({ key }) => key)
    expect(keys()).not.toContain('steps')
    for (const curve of ['bezier', 'chain']) {
      draft.type('curve', curve)
      expect(keys()).toContain('steps')
    }
  })

  it('name another data set: the first one there is, and where there is none, nothing can be asked', () => {
    const draftWith = (...names: string[]) =>
      new OptionDraft(
        outsider,
        () => ({ count: 5 }),
        () => ({}),
        { datasets: () => names.map((name) => ({ value: name, label: name })) },
      )
    const draft = draftWith('letters', 'shoes')
    expect([draft.standardOf('outside'), draft.options, draft.problem]).toEqual(['letters', { outside: 'letters' }, null])
    draft.type('outside', 'shoes')
    expect(draft.options).toEqual({ outside: 'shoes' })
    expect(draftWith().problem).toMatch(/No other data set of the lab has images of this shape: import one/)
  })

  it('name other runs: none, unless some are chosen', () => {
    const draft = draftOf(map, 100)
    expect([draft.facts.find(({ key }) => key === 'with')?.type, draft.options['with']]).toEqual(['runs', undefined])
    draft.type('with', 'calm-otter,bold-wren@20')
    expect(draft.options['with']).toEqual(['calm-otter', 'bold-wren@20'])
    draft.type('with', '')
    expect([draft.options['with'], draft.problem]).toEqual([undefined, null])
    draft.type('with', Array.from({ length: 8 }, (_, i) => `run-${i}`).join())
    expect(draft.problem).toMatch(/Options of "map": with: /)
  })

  it('name target networks, as they are chosen among those there are', () => {
    const named = ['own', 'dense-32'].map((value) => ({ value, label: value }))
    const draft = new OptionDraft(distillationBench, () => ({ count: 5 }), undefined, { targets: () => named })
    expect([draft.targets, draft.standardOf('targets'), draft.options]).toEqual([named, 'own', {}])
    draft.type('targets', 'own,dense-32')
    expect([draft.options, draft.problem]).toEqual([{ targets: ['own', 'dense-32'] }, null])
    draft.type('widths', '1,2,3,4,5,6,7,8,9,10,11,12,13')
    expect(draft.problem).toContain('These lists make 26 students, and a bench has at most 24.')
  })

  it('are of every kind that a schema has', () => {
    const options = z.strictObject({
      bins: z.int().min(2).default(10).meta({ title: 'Bins', description: 'how many', unit: 'bins' }),
      vote: z
        .enum(['mean', 'major'])
        .default('mean')
        .meta({ title: 'Vote', description: 'which', labels: { mean: 'Mean', major: 'Majority' } }),
      fine: z.boolean().default(false).meta({ title: 'Fine', description: 'finer' }),
      sizes: z.array(z.int().min(1)).default([1, 2]).meta({ title: 'Sizes', description: 'of ensembles' }),
    })
    const draft = draftOf({ ...(ensemble as Analysis), options })
    expect(draft.facts.map(({ type, unit, labels }) => [type, unit, labels])).toEqual([
      ['whole', 'bins', {}],
      ['choice', undefined, { mean: 'Mean', major: 'Majority' }],
      ['switch', undefined, {}],
      ['list', undefined, {}],
    ])
    draft.typed = { bins: '15', vote: 'major', fine: 'true', sizes: '1, 5' }
    expect(draft.options).toEqual({ bins: 15, vote: 'major', fine: true, sizes: [1, 5] })
  })

  it('are checked as they are typed', () => {
    const draft = draftOf(distillation)
    draft.typed = { width: '65', steps: '1.5', temperature: 'warm', labelled: ' 10 ' }
    expect(draft.errorOf('width')).toBe('It must be a number above 0 and at most 64.')
    expect(draft.errorOf('steps')).toBe('It must be a whole number from 1 to 1000000.')
    expect(draft.errorOf('temperature')).not.toBeNull()
    expect(draft.errorOf('labelled')).toBeNull()
    expect(draft.errorOf('imageBatch')).toBeNull()
    expect(draft.sound).toBe(false)
    expect(draft.options).toEqual({ labelled: 10 })
  })

  it('are as the schema says where nothing is typed', () => {
    const draft = draftOf(distillation)
    draft.typed = { width: '2' }
    draft.typed = { width: '' }
    expect(draft.options).toEqual({})
    expect(draft.sound).toBe(true)
    expect(draft.problem).toBeNull()
  })
})

describe('options that depend on more than themselves', () => {
  it('have defaults by the number of networks', () => {
    expect(draftOf(map, 1000).standardOf('perplexity')).toBe('30')
    expect(draftOf(map, 31).standardOf('perplexity')).toBe('10')
  })

  it('are refused together in one sentence with its remedy', () => {
    const draft = draftOf(map, 31)
    draft.typed = { perplexity: '11' }
    expect(draft.errorOf('perplexity')).toBeNull()
    expect(draft.problem).toMatch(/^A perplexity of 11 does not fit 31 networks\. Give one from 1 to 10/)
    expect(draftOf(map, 2).problem).toMatch(/too few/)
  })

  it('are asked for only where they matter', () => {
    const draft = draftOf(map)
    expect(draft.facts.map(({ key }) => key)).toEqual(['method', 'perplexity', 'iterations', 'components', 'weights', 'with'])
    draft.typed = { perplexity: '5', method: 'pca' }
    expect(draft.facts.map(({ key }) => key)).toEqual(['method', 'weights', 'with'])
    expect(draft.options).toEqual({ method: 'pca' })
  })

  it('may be suggested', () => {
    const draft = new OptionDraft(
      ensemble,
      () => ({ count: 20 }),
      () => ({ sizes: [1, 20] }),
    )
    expect(draft.standardOf('sizes')).toBe('1, 20')
    expect(draft.options).toEqual({ sizes: [1, 20] })
    draft.typed = { sizes: '3,30' }
    expect(draft.problem).toMatch(/ensemble of 30 cannot be drawn from 20/)
  })
})
