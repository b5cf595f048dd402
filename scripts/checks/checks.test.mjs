import { describe, expect, it } from 'vitest'
import { CHECKS } from './checks.mjs'
import { chooseChecks } from './choose.mjs'
import { countEndToEnd, countTests } from './run-check.mjs'

describe('what npm test runs', () => {
  it('is everything, or what is named', () => {
    expect(chooseChecks([], CHECKS)).toEqual({ checks: CHECKS, suites: ['unit', 'e2e'], filters: [] })
    const types = chooseChecks(['types'], CHECKS)
    expect(types.suites).toEqual([])
    expect(types.checks.map((check) => check.name)).toEqual(['types', 'types', 'types', 'types'])
    expect(chooseChecks(['lint', 'unit', 'src/engine', '-t', 'gauge'], CHECKS)).toMatchObject({
      suites: ['unit'],
      filters: ['src/engine', '-t', 'gauge'],
    })
    expect(chooseChecks(['e2e', 'start'], CHECKS)).toEqual({ checks: [], suites: ['e2e'], filters: ['start'] })
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

  it("is Playwright's count of the end-to-end tests", () => {
    const stats = { expected: 4, unexpected: 0, flaky: 1, skipped: 2 }
    expect(countEndToEnd({ stats }, true)).toEqual({ passed: 5, failed: 0, skipped: 2 })
    expect(countEndToEnd({ stats: { ...stats, unexpected: 3 } }, false).failed).toBe(3)
    expect(countEndToEnd(null, false)).toEqual({ passed: 0, failed: 1, skipped: 0 })
  })
})
