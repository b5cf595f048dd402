import { expect, it } from 'vitest'
import { unaskedInWords } from './unasked.ts'

const left = (seed: number, why: string) => ({ title: 'Laplace (mnist-laplace)', run: `run-${seed}`, seed, analysis: 'Paths', why })

it('says each reason once, of which runs, and counts those that are too many to name', () => {
  expect(unaskedInWords([])).toEqual([])
  expect(unaskedInWords([left(1, 'No pair.'), left(2, 'None is right.')])).toEqual([
    'Paths left out of 1 run (Laplace (mnist-laplace), seed 1, run-1): No pair.',
    'Paths left out of 1 run (Laplace (mnist-laplace), seed 2, run-2): None is right.',
  ])
  expect(unaskedInWords([1, 2, 3, 4, 5].map((seed) => left(seed, 'No pair.')))).toEqual([
    expect.stringMatching(/^Paths left out of 5 runs \(.*seed 3, run-3; 2 others\): No pair\.$/),
  ])
})
