import fc from 'fast-check'
import { expect, it } from 'vitest'
import { resumedParams } from './resumed-params.ts'

const series = fc.array(
  fc.array(fc.nat(), { maxLength: 4 }).map((steps) => ({ steps: steps.toSorted((a, b) => a - b) })),
  { maxLength: 4 },
)

it('curves go on behind the newest step that has come, whichever series it is of', () => {
  fc.assert(
    fc.property(series, (told) => {
      const steps = told.flatMap((one) => one.steps)
      const from = steps.length === 0 ? 3 : Math.max(...steps)
      expect(resumedParams('metrics.watch', { run: 'a', from: 3 }, { series: told })).toEqual({ run: 'a', from })
    }),
  )
})

it('other streams are opened again as they were', () => {
  const params = { run: 'a' }
  expect(resumedParams('filters.watch', params, { series: [{ steps: [5] }] })).toBe(params)
})
