import { describe, expect, it } from 'vitest'
import { presets } from './presets.ts'
import { rangeFault, valueFault } from './value-fault.ts'

const document = presets['mnist-quick']
const lambda = 'method.lambda'

describe('a value of a setting', () => {
  it.each([
    [lambda, 100],
    [lambda, 0.5],
    ['training.steps', 3],
    ['method.code', 15],
    ['method.code', [5, 8, 7, 5]],
    ['target.layers.0.filters', 8],
    ['data.split.train', 100],
  ])('%s = %j is allowed', (key, value) => {
    expect(valueFault({ key, value }, document)).toBeNull()
  })

  it.each([
    [lambda, 'abc', '"abc" is not allowed: give a number above 0 and at most 1000000000'],
    [lambda, '000', '"000" is not allowed: give a number above 0 and at most 1000000000'],
    [lambda, -5, '-5 is not allowed: give a number above 0 and at most 1000000000'],
    [lambda, null, 'null is not allowed: give a number above 0 and at most 1000000000'],
    [lambda, Infinity, 'a number in it is too large'],
    ['training.steps', 1.5, '1.5 is not allowed: give a whole number from 1 to 10000000'],
    ['target.layers.0.filters', 0, '0 is not allowed: give a whole number from 1 to 4096'],
  ])('%s = %j is not', (key, value, fault) => {
    expect(valueFault({ key, value }, document)).toBe(fault)
  })

  it('leaves the document as it is', () => {
    const before = structuredClone(document)
    valueFault({ key: 'target.layers.0.filters', value: 9 }, document)
    expect(document).toEqual(before)
  })
})

describe('a range', () => {
  const of = (key: string, low: number, high: number) => rangeFault({ key, low, high, log: false }, document)

  it('has two ends that are allowed', () => {
    expect(of(lambda, 1, 1e5)).toBeNull()
    expect(of(lambda, -1, 5)).toContain('-1 is not allowed')
    expect(of(lambda, 1, 1e12)).toContain('1000000000000 is not allowed')
  })

  it('of whole numbers needs one in it', () => {
    expect(of('training.steps', 0.5, 3.5)).toBeNull()
    expect(of('training.steps', 0.2, 0.8)).toContain('0.2 is not allowed: give a whole number')
  })
})
