import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkpointAt, evaluationOf, runDetails } from '../../testing/run-details.ts'
import { ensembleSizes, imagesOf, imagesOptions, newestCheckpoint, stepOf, testOf } from './choice.ts'

describe('sizes of ensembles', () => {
  it('are round, rise, and end with all', () => {
    expect(ensembleSizes(100)).toEqual([1, 2, 3, 5, 10, 20, 50, 100])
    expect(ensembleSizes(37)).toEqual([1, 2, 3, 5, 10, 20, 37])
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100_000 }), (networks) => {
        const sizes = ensembleSizes(networks)
        expect(sizes.at(-1)).toBe(networks)
        expect(sizes).toEqual([...new Set(sizes)].sort((a, b) => a - b))
      }),
    )
  })
})

describe('checkpoints', () => {
  const details = runDetails({ checkpoints: [checkpointAt(100), checkpointAt(300, 'c300', true), checkpointAt(200)] })

  it('count where they are sound', () => {
    expect(newestCheckpoint(details)?.step).toBe(200)
    expect(stepOf(details, 'c100')).toBe(100)
    expect(stepOf(details, 'c300')).toBeNull()
    expect(stepOf(details, 'gone')).toBeNull()
  })
})

describe('images to try networks on', () => {
  const evaluations = [
    evaluationOf('c100', 7, 200, 'validation', 1000),
    evaluationOf('c100', 7, 1000, 'validation', 200),
    evaluationOf('c100', 8, 5000, 'test', 10_000),
  ]
  const details = runDetails({ results: evaluations })
  const source = { checkpoint: 'c100', seed: 7 }

  it('of one network are the most that it was tried on', () => {
    // Just these: it is sent as it is, and more would be refused.
    expect(testOf(details, source, 150)).toEqual({ split: 'validation', images: 1000 })
    expect(testOf(details, source, 500)?.images).toBe(200)
    expect(testOf(details, source, 1000)).toBeUndefined()
  })

  it('of one network are those preferred, where it was tried on them', () => {
    expect(testOf(details, source, 150, { split: 'validation', images: 200 })?.images).toBe(200)
    expect(testOf(details, source, 150, { split: 'test', images: 200 })?.images).toBe(1000)
    expect(testOf(details, source, 150, null)?.images).toBe(1000)
  })

  it('begin with those that enough networks were tried on already', () => {
    const options = imagesOptions(details, source, 200).map(({ value, note }) => [value, note])
    const { test, validation } = details.run.document.data.split
    expect(options).toEqual([
      ['validation:1000', 'tried already'],
      ['validation:200', 'tried already'],
      [`validation:${validation}`, undefined],
      [`test:${test}`, 'for the final figure'],
    ])
    expect(imagesOptions(details, source, 2000)).toHaveLength(2)
    // Test images are not what is offered first, whoever looked at them already.
    const looked = imagesOptions(details, { checkpoint: 'c100', seed: 8 }, 200).map(({ value, note }) => [value, note])
    expect(looked).toEqual([
      [`validation:${validation}`, undefined],
      ['test:10000', 'tried already'],
    ])
  })

  it('are called all where they are the whole split, and else the first of it', () => {
    const labels = imagesOptions(details, source, 200).map(({ label }) => label)
    expect(labels).toEqual(['Validation, first 1,000', 'Validation, first 200', 'Validation, all 5,000', 'Test, all 10,000'])
  })

  it('are few where many networks are only to be told apart', () => {
    const [first] = imagesOptions(runDetails(), source, 1000, 1000)
    expect(first.value).toBe('validation:1000')
  })

  it('are what an option says', () => {
    expect(imagesOf('validation:200')).toEqual({ split: 'validation', images: 200 })
  })
})
