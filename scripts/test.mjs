// npm test [-- NAME... [FILTER...]]: set-up, then every check and both suites (unit, e2e), or those named.
// The last line is `N passed, N failed, N skipped`: the tests' counts, and one for each other check.
import { mkdtemp, rm } from 'node:fs/promises'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { CHECKS } from './checks/checks.mjs'
import { chooseChecks } from './checks/choose.mjs'
import { runCheck, runEndToEnd, runTests } from './checks/run-check.mjs'
import { setUpOrExit } from './setup/setup.mjs'

/** @returns {ReturnType<typeof chooseChecks>} */
function chosen() {
  try {
    return chooseChecks(process.argv.slice(2), CHECKS)
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    process.stderr.write(`${error.message}\n`)
    process.exit(2)
  }
}

const { checks, suites, filters } = chosen()
const { env, context } = await setUpOrExit()
const counts = { passed: 0, failed: 0, skipped: 0 }
/** @type {string[]} */
const failed = []

// Two at a time, not one a core: each wants much memory, and some start processes of their own.
const queue = [...checks]
const lanes = Array.from({ length: Math.min(2, availableParallelism()) }, async () => {
  for (let check = queue.shift(); check !== undefined; check = queue.shift()) {
    const { ok, output, seconds } = await runCheck(check, context.root, env)
    if (!ok) process.stdout.write(`\n${output.trimEnd()}\n`)
    process.stdout.write(`${ok ? 'ok  ' : 'FAIL'} ${check.name} (${seconds.toFixed(1)} s): ${check.shows}\n`)
    counts[ok ? 'passed' : 'failed'] += 1
    if (!ok) failed.push(`${check.name} (${check.shows})`)
  }
})
await Promise.all(lanes)

const programs = { unit: runTests, e2e: runEndToEnd }
for (const suite of suites) {
  const folder = await mkdtemp(join(tmpdir(), 'weightscape-test-'))
  try {
    const tests = await programs[suite](filters, context.root, env, join(folder, 'tests.json'))
    if (tests.failed > 0) failed.push(suite)
    for (const key of /** @type {const} */ (['passed', 'failed', 'skipped'])) counts[key] += tests[key]
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

if (failed.length > 0) process.stdout.write(`Failed: ${failed.join(', ')}\n`)
process.stdout.write(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped\n`)
process.exitCode = counts.failed > 0 || counts.passed === 0 ? 1 : 0
