import { expect, it } from 'vitest'
import { bestOfStudy } from './best-of-study.ts'
import type { StudyDetails } from './contract/studies.ts'

const row = (title: string, mean: number) =>
  ({ title, values: [{ label: 'Ensemble', found: [{ value: mean }, { value: mean }] }] }) as unknown as StudyDetails['rows'][number]
const column = { label: 'Ensemble', unit: 'share', chosen: 1, lead: { beaten: 0, others: 2 } } as StudyDetails['columns'][number]

it('names the best, and says how many share its mean', () => {
  const best = (...means: number[]) =>
    bestOfStudy(
      means.map((mean, at) => row(`λ ${at}`, mean)),
      [column],
    )
  expect(best(0.1, 0.9, 0.2)).toEqual([{ label: 'Ensemble', title: 'λ 1', surely: 'not to be told from any other' }])
  expect(best(0.1, 0.9, 0.9)[0].title).toBe('λ 1 and 1 other with the same')
  expect(best(0.9, 0.9, 0.9)[0].title).toBe('λ 1 and 2 others with the same')
  expect(bestOfStudy([], [{ ...column, chosen: null }])).toEqual([])
  expect(bestOfStudy([row('λ 0', 1), row('λ 1', 2)], [{ ...column, unit: 'nats' }])).toEqual([])
})
