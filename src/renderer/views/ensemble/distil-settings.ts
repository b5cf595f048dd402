/** How a student learns: each setting, and what it does. */
import type { z } from 'zod'
import type { distilOptionsSchema } from '../../../shared/contract/tasks.ts'

export interface DistilSetting {
  key: keyof z.infer<typeof distilOptionsSchema>
  label: string
  symbol?: string
  explanation: string
  min: number
  max: number
  step: number | 'any'
}

export const distilSettings: readonly DistilSetting[] = [
  {
    key: 'steps',
    label: 'Steps',
    explanation: 'Training steps of the student. More: nearer to the ensemble, in proportionally more time.',
    min: 1,
    max: 1_000_000,
    step: 1,
  },
  {
    key: 'labelled',
    label: 'Images asked about',
    explanation: 'Training images on which the ensemble is asked, at most. More: the student sees more, and the labels take longer.',
    min: 1,
    max: 10_000_000,
    step: 1,
  },
  {
    key: 'imageBatch',
    label: 'Images a step',
    explanation: 'Images on which the student is corrected in a step.',
    min: 1,
    max: 4096,
    step: 1,
  },
  {
    key: 'learningRate',
    label: 'Learning rate',
    symbol: '\u03b7',
    explanation: 'Adam\u2019s step at the beginning; it falls to 0 along a straight line.',
    min: 0.000001,
    max: 1,
    step: 'any',
  },
  {
    key: 'temperature',
    label: 'Temperature',
    symbol: 'T',
    explanation: 'Above 1 the ensemble\u2019s doubts weigh more: the student also learns what an image nearly was.',
    min: 0.01,
    max: 100,
    step: 'any',
  },
  {
    key: 'labelWeight',
    label: 'Weight of the labels',
    explanation: '0: the student only listens to the ensemble. 1: it only learns the true classes, as without an ensemble.',
    min: 0,
    max: 1,
    step: 'any',
  },
  {
    key: 'width',
    label: 'Width',
    explanation: 'Filters and units of the student as a multiple of a member\u2019s: 1 is as large as one sampled network.',
    min: 0.01,
    max: 8,
    step: 'any',
  },
]
