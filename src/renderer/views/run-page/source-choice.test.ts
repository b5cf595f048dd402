import { describe, expect, it } from 'vitest'
import { adversarial } from '../../../analyses/adversarial/definition.ts'
import { distillation } from '../../../analyses/distillation/definition.ts'
import { ensemble } from '../../../analyses/ensemble/definition.ts'
import { evaluation } from '../../../analyses/evaluation/definition.ts'
import { map } from '../../../analyses/map/definition.ts'
import { checkpointAt, evaluationOf, runDetails } from '../../testing/run-details.ts'
import { SourceChoice } from './source-choice.svelte.ts'

const seed = runDetails().run.document.seed

describe('a choice of networks and images', () => {
  it('begins with the newest checkpoint, its own seed, and what was tried already', () => {
    const details = runDetails({
      checkpoints: [checkpointAt(100), checkpointAt(200)],
      results: [evaluationOf('c200', seed, 300, 'validation', 500)],
    })
    const source = new SourceChoice(() => details, ensemble)
    expect(source.count).toBe(300)
    expect(source.asked).toEqual({ seed, at: 200, split: 'validation', images: 500 })
  })

  it('asks for a hundred where nothing was tried, and for no more than is worth it', () => {
    expect(new SourceChoice(() => runDetails(), ensemble).count).toBe(100)
    const tried = runDetails({ results: [evaluationOf('c100', seed, 5000, 'test', 500)] })
    expect(new SourceChoice(() => tried, ensemble).count).toBe(1000)
    expect(new SourceChoice(() => tried, distillation).count).toBe(100)
  })

  it('keeps what the person chose, as long as it can be had', () => {
    const details = runDetails({ results: [evaluationOf('c100', seed, 300, 'validation', 500)] })
    const source = new SourceChoice(() => details, ensemble)
    source.images = 'validation:500'
    source.seed = seed + 1
    expect(source.asked).toMatchObject({ split: 'validation', images: details.run.document.data.split.validation })
    source.seed = seed
    expect(source.asked).toMatchObject({ split: 'validation', images: 500 })
  })

  it('of networks that are chosen begins with images that all of them were tried on', () => {
    const evaluations = [evaluationOf('c100', 7, 50, 'validation', 500), evaluationOf('c100', 7, 40, 'validation', 900)]
    const details = runDetails({ checkpoints: [checkpointAt(100), checkpointAt(200)], results: evaluations })
    const source = new SourceChoice(() => details, distillation, { chosen: { networks: [3, 44, 12], seed: 7, at: 100 } })
    expect(source.asked).toEqual({ seed: 7, at: 100, split: 'validation', images: 500 })
    // Networks are numbered from 0: of forty, the last is 39.
    const of = (last: number) => new SourceChoice(() => details, distillation, { chosen: { networks: [3, last], seed: 7, at: 100 } }).asked
    expect([of(39).images, of(40).images]).toEqual([900, 500])
  })

  it('begins with as few images as a command does where an analysis takes long, whatever was tried', () => {
    const details = runDetails({ results: [evaluationOf('c100', seed, 300, 'validation', 1000)] })
    expect(new SourceChoice(() => details, adversarial).asked).toMatchObject({ split: 'validation', images: adversarial.images!.default })
  })

  it('offers what the analysis can do: no images, or those not tried yet', () => {
    const details = runDetails({ results: [evaluationOf('c100', seed, 2000, 'validation', 500)] })
    const mapped = new SourceChoice(() => details, map)
    expect(mapped.count).toBe(1000)
    expect(mapped.imagesOptions.at(-1)?.value).toBe('none')
    mapped.images = 'none'
    expect(mapped.asked).toEqual({ seed, at: 100 })
    expect(new SourceChoice(() => details, evaluation).imagesOptions.map(({ note }) => note)).toEqual([undefined, 'for the final figure'])
  })
})
