import { describe, expect, it } from 'vitest'
import { CHECKS } from './checks.mjs'
import { chooseChecks } from './choose.mjs'
import { countTests } from './run-check.mjs'

describe('what npm test runs', () => {
  it('is everything, or what is named', () => {
    expect(chooseChecks([], CHECKS)).toEqual({ checks: CHECKS, unit: true, filters: [] })
    const types = chooseChecks(['types'], CHECKS)
    expect(types.unit).toBe(false)
    expect(types.checks.map((check) => check.name)).toEqual(['types', 'types', 'types', 'types'])
    expect(chooseChecks(['lint', 'unit', 'src/engine', '-t', 'gauge'], CHECKS)).toMatchObject({
      unit: true,
      filters: ['src/engine', '-t', 'gauge'],
    })
    expect(() => chooseChecks(['linth'], CHECKS)).toThrow('There is no check "linth"')
  })
})

describe('what is counted', () => {
  const report = { numPassedTests: 5, numFailedTests: 0, numPendingTests: 2, numTodoTests: 1 }

  it("is vitest's count", () => {
    expect(countTests(report, true)).toEqual({ passed: 5, failed: 0, skipped: 3 })
    expect(countTests({ ...report, numFailedTests: 2 }, false)).toEqual({ passed: 5, failed: 2, skipped: 3 })
  })

  it('has a failure when vitest failed without a failed test, or wrote no report', () => {
    expect(countTests(report, false).failed).toBe(1)
    expect(countTests(null, false)).toEqual({ passed: 0, failed: 1, skipped: 0 })
  })
})
