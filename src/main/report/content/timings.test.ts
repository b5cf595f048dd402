import { expect, it } from 'vitest'
import { syntheticInput } from '../testing/synthetic-input.ts'
import { timings } from './background.ts'

it('the table of times names what is not in it', () => {
  const caption = (input: ReturnType<typeof syntheticInput>): unknown => {
    const table = timings(input)[0].blocks.find(({ kind }) => kind === 'table')
    return table?.kind === 'table' ? table.table.caption : null
  }
  const input = syntheticInput()
  expect(input.results.map(({ kind }) => kind)).toContain('ensemble')
  expect(caption(input)).toEqual([expect.stringMatching(/^Wall-clock time on .*\. Not timed, and so not in it: .*\bensemble\b.*\.$/)])
  expect(caption({ ...input, results: [] })).toEqual([expect.not.stringContaining('Not timed')])
})
