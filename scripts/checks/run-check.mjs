/** Runs a check or the tests, and says what came of it. */
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { readJson } from '../setup/files.mjs'
import { run } from '../setup/process.mjs'
import { SetUpProblem } from '../setup/problem.mjs'
import { readyChromium } from './chromium.mjs'

/**
 * @param {import('./checks.mjs').Check} check
 * @param {string} root
 * @param {NodeJS.ProcessEnv} env
 */
export async function runCheck(check, root, env) {
  const start = performance.now()
  const [program, ...args] = check.command
  const [path, words] = program.endsWith('.mjs')
    ? [process.execPath, [program, ...args]]
    : [join(root, 'node_modules', '.bin', program), args]
  const { code, stdout, stderr } = await run(path, words, { cwd: root, env })
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
  const args = ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${reportPath}`, ...filters]
  const code = await show('vitest', args, root, env)
  return countTests(await readJson(reportPath), code === 0)
}

/**
 * Runs the end-to-end tests, their report on this process's stdout. Without a Chromium, and where none can be brought,
 * each counts as skipped, and it says so.
 * @param {readonly string[]} filters
 * @param {string} root
 * @param {NodeJS.ProcessEnv} env
 * @param {string} reportPath where Playwright writes its counts
 * @returns {Promise<{ passed: number, failed: number, skipped: number }>}
 */
export async function runEndToEnd(filters, root, env, reportPath) {
  const say = (/** @type {string} */ line) => void process.stdout.write(`${line}\n`)
  const args = ['test', '--config', 'e2e/playwright.config.ts', ...filters]
  const reported = { ...env, PLAYWRIGHT_JSON_OUTPUT_FILE: reportPath }
  try {
    if ((await readyChromium(root, env, { say })) !== null) {
      const code = await show('playwright', [...args, '--reporter=list,json'], root, reported)
      return countEndToEnd(await readJson(reportPath), code === 0)
    }
  } catch (error) {
    if (!(error instanceof SetUpProblem)) throw error
    say(`${error.message} ${error.remedy}`)
    return { passed: 0, failed: 1, skipped: 0 }
  }
  // What is only listed, Playwright counts as skipped.
  const { code, stdout, stderr } = await run(join(root, 'node_modules', '.bin', 'playwright'), [...args, '--list', '--reporter=json'], {
    cwd: root,
    env: reported,
  })
  const counts = countEndToEnd(await readJson(reportPath), code === 0)
  say(
    code === 0
      ? `skipped: ${counts.skipped} end-to-end tests, for want of a browser. Install Chromium or Chrome, or name one in WEIGHTSCAPE_CHROMIUM.`
      : stdout + stderr,
  )
  return counts
}

/**
 * @param {string} program from node_modules/.bin
 * @param {readonly string[]} args
 * @param {string} root
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<number | null>} its exit code
 */
function show(program, args, root, env) {
  return new Promise((resolve) => {
    const child = spawn(join(root, 'node_modules', '.bin', program), args, { cwd: root, env, stdio: ['ignore', 'inherit', 'inherit'] })
    child.on('error', () => resolve(127))
    child.on('close', resolve)
  })
}

/**
 * @param {unknown} report Playwright's, or null where it wrote none
 * @param {boolean} endedWell
 */
export function countEndToEnd(report, endedWell) {
  const { stats = {} } = /** @type {{ stats?: { expected?: number, unexpected?: number, flaky?: number, skipped?: number } }} */ (
    report ?? {}
  )
  const failed = stats.unexpected ?? 0
  return {
    passed: (stats.expected ?? 0) + (stats.flaky ?? 0),
    // A file that could not be loaded fails Playwright without failing a test.
    failed: failed === 0 && !endedWell ? 1 : failed,
    skipped: stats.skipped ?? 0,
  }
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
