import { describe, expect, it } from 'vitest'
import { checkpointAt, evaluationOf, runDetails } from '../../testing/run-details.ts'
import { SourceChoice } from './source-choice.svelte.ts'

const seed = runDetails().run.document.seed

describe('a choice of networks and images', () => {
  it('begins with the newest checkpoint, its own seed, and what was tried already', () => {
    const details = runDetails({
      checkpoints: [checkpointAt(100), checkpointAt(200)],
      results: [evaluationOf('c200', seed, 300, 'validation', 500)],
    })
    const source = new SourceChoice(() => details)
    expect(source.count).toBe(300)
    expect(source.asked).toEqual({ seed, at: 200, split: 'validation', images: 500 })
  })

  it('asks for a hundred where nothing was tried, and for no more than is worth it', () => {
    expect(new SourceChoice(() => runDetails()).count).toBe(100)
    const tried = runDetails({ results: [evaluationOf('c100', seed, 5000, 'test', 500)] })
    expect(new SourceChoice(() => tried).count).toBe(1000)
    expect(new SourceChoice(() => tried, 100).count).toBe(100)
  })

  it('keeps what the person chose, as long as it can be had', () => {
    const details = runDetails({ results: [evaluationOf('c100', seed, 300, 'validation', 500)] })
    const source = new SourceChoice(() => details)
    source.images = 'validation:500'
    source.seed = seed + 1
    expect(source.asked.split).toBe('test')
    source.seed = seed
    expect(source.asked).toMatchObject({ split: 'validation', images: 500 })
  })

  it('of networks that are chosen begins with images that all of them were tried on', () => {
    const evaluations = [evaluationOf('c100', 7, 50, 'validation', 500), evaluationOf('c100', 7, 40, 'validation', 900)]
    const details = runDetails({ checkpoints: [checkpointAt(100), checkpointAt(200)], results: evaluations })
    const source = new SourceChoice(() => details, 100, { networks: [3, 44, 12], seed: 7, at: 100 })
    expect(source.asked).toEqual({ seed: 7, at: 100, split: 'validation', images: 500 })
  })
})
