/** Runs a check or the tests, and says what came of it. */
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { readJson } from '../setup/files.mjs'
import { run } from '../setup/process.mjs'

/**
 * @param {import('./checks.mjs').Check} check
 * @param {string} root
 * @param {NodeJS.ProcessEnv} env
 */
export async function runCheck(check, root, env) {
  const start = performance.now()
  const [program, ...args] = check.command
  const { code, stdout, stderr } = await run(join(root, 'node_modules', '.bin', program), args, { cwd: root, env })
  return { ok: code === 0, output: stdout + stderr, seconds: (performance.now() - start) / 1000 }
}

/**
 * Runs vitest, its report on this process's stdout.
 * @param {readonly string[]} filters
 * @param {string} root
 * @param {NodeJS.ProcessEnv} env
 * @param {string} reportPath where vitest writes its counts
 * @returns {Promise<{ passed: number, failed: number, skipped: number }>}
 */
export async function runTests(filters, root, env, reportPath) {
  const vitest = join(root, 'node_modules', '.bin', 'vitest')
  const args = ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${reportPath}`, ...filters]
  const code = await new Promise((resolve) => {
    const child = spawn(vitest, args, { cwd: root, env, stdio: ['ignore', 'inherit', 'inherit'] })
    child.on('error', () => resolve(127))
    child.on('close', resolve)
  })
  return countTests(await readJson(reportPath), code === 0)
}

/**
 * @param {unknown} report vitest's, or null where it wrote none
 * @param {boolean} endedWell
 */
export function countTests(report, endedWell) {
  const counts = /** @type {{ numPassedTests?: number, numFailedTests?: number, numPendingTests?: number, numTodoTests?: number }} */ (
    report ?? {}
  )
  const failed = counts.numFailedTests ?? 0
  return {
    passed: counts.numPassedTests ?? 0,
    // A file that could not be loaded, or an error outside of any test, fails vitest without failing a test.
    failed: failed === 0 && !endedWell ? 1 : failed,
    skipped: (counts.numPendingTests ?? 0) + (counts.numTodoTests ?? 0),
  }
}
