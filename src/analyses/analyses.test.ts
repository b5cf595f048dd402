import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it, test } from 'vitest'
import { optionFacts, optionWords } from './option-facts.ts'
import { otherDataOption } from './other-data.ts'
import { analysisParts } from './parts.ts'
import { syntheticInput } from '../main/report/testing/synthetic-input.ts'
import { analyses, findAnalysis, findAnalysisByCommand } from './registry.ts'
import { settleRequest } from './request.ts'

/** Whether a kind's folder holds a file. */
const holds = (kind: string, file: string): boolean => existsSync(fileURLToPath(new URL(`./${kind}/${file}`, import.meta.url)))

describe.each(analyses.map((analysis) => [analysis.kind, analysis] as const))('%s', (kind, analysis) => {
  it('has the parts that it names, and no others', async () => {
    const { run } = await analysisParts.engine(kind)
    expect(run).toBeTypeOf('function')
    for (const part of ['lab', 'report'] as const) {
      expect(holds(kind, `${part}.ts`), part).toBe(analysis.parts.includes(part))
      if (!analysis.parts.includes(part)) continue
      const loaded = await analysisParts[part](kind)
      expect(Object.values(loaded).every((one) => typeof one === 'function')).toBe(true)
    }
  })

  it('explains each option, and does without any but the name of other data', () => {
    for (const { title, description, placeholder } of optionFacts(analysis)) {
      expect(title).toMatch(/^[A-Z]/)
      expect(description.length).toBeGreaterThan(4)
      expect(placeholder).not.toBe('')
    }
    const count = Math.max(100, analysis.networks.min)
    const other = otherDataOption(optionFacts(analysis))?.key
    const named = other === undefined ? {} : { [other]: 'letters' }
    const { options } = settleRequest({ kind, count, options: named })
    expect(settleRequest({ kind, count, options }).options).toEqual(options)
    // What is as it would be without needs no saying.
    expect(optionWords(analysis, options, count)).toEqual(other === undefined ? [] : ['--outside', 'letters'])
  })

  it('is found by its kind and by its command, and by no other', () => {
    expect(findAnalysis(kind)).toBe(analysis)
    expect(findAnalysisByCommand(analysis.command)).toBe(analysis)
    expect(analyses.filter((one) => one.kind === kind || one.command === analysis.command)).toHaveLength(1)
  })
})

test('a limit is a fact of the schema: a student is at most 64 times as wide, and a map needs one iteration', () => {
  const facts = (kind: string, key: string) => optionFacts(findAnalysis(kind)!).find((one) => one.key === key)
  expect(facts('distillation', 'width')).toMatchObject({ above: true, min: 0, max: 64 })
  expect(facts('map', 'iterations')).toMatchObject({ type: 'whole', min: 1, max: 100_000 })
  expect(() => settleRequest({ kind: 'distillation', options: { width: 65 } })).toThrow(/width/)
  expect(() => settleRequest({ kind: 'map', options: { iterations: 0 } })).toThrow(/iterations/)
  expect(settleRequest({ kind: 'map', count: 30, options: { iterations: 1 } }).options).toMatchObject({ iterations: 1, perplexity: 9 })
})

test('what no analysis can do is refused with a sentence', () => {
  const refused = { code: 'invalid-argument' }
  expect(() => settleRequest({ kind: 'path' })).toThrow(/There is no analysis "path"/)
  expect(() => settleRequest({ kind: 'evaluation' })).toThrow(expect.objectContaining(refused) as Error)
  expect(() => settleRequest({ kind: 'map', networks: [1, 2, 3] })).toThrow(/cannot be chosen one by one/)
  expect(() => settleRequest({ kind: 'map', count: 2 })).toThrow(/at least|too few/)
  expect(() => settleRequest({ kind: 'ensemble', networks: [4, 4, 1], options: { sizes: [3] } })).toThrow(/cannot be drawn from 2 networks/)
  expect(() => settleRequest({ kind: 'evaluation', count: 3, options: { widht: 1 } })).toThrow(/widht/)
})

test('names of files are made only of kinds that there are', async () => {
  await expect(analysisParts.engine('../shared')).rejects.toMatchObject({ code: 'invalid-argument' })
})

test.each(['ensemble', 'distillation'])('%s of hand-picked networks is called so wherever it is told of', (kind) => {
  const analysis = findAnalysis(kind)!
  const record = syntheticInput().results.find((one) => one.kind === kind)!
  const told = (networks: number[] | null) => {
    const result = { ...record, networks }
    return [analysis.headline(result), JSON.stringify(analysis.show(result))]
  }
  for (const text of told(null)) expect(text).not.toContain('hand-picked')
  for (const text of told([4, 17, 30])) expect(text).toMatch(/\d hand-picked networks/)
})

test('another data set is typed by the beginning of its hash', () => {
  const typed = (outside: string) => optionWords(findAnalysis('outsider')!, { outside }, 50)
  expect(typed('0123456789abcdef'.repeat(4))).toEqual(['--outside', '0123456789ab'])
  expect(typed('letters of a long name')).toEqual(['--outside', 'letters of a long name'])
})

test('whoever has named networks is told to name others, not a number', () => {
  expect(() => settleRequest({ kind: 'paths', networks: [1, 2, 3] })).toThrow(
    expect.objectContaining({ remedy: 'Name others, or fewer.', help: { settings: { networks: null } } }),
  )
  expect(() => settleRequest({ kind: 'paths', count: 3 })).toThrow(expect.objectContaining({ help: { settings: { count: 2 } } }))
})
