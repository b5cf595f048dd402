/**
 * Set-up: everything between a fresh clone and a working lab. Each step knows in milliseconds whether it
 * is done; a step that was killed is done again from where it can be.
 */
import { join } from 'node:path'
import { bindingStep } from './binding.mjs'
import { createContext } from './context.mjs'
import { withLock } from './lock.mjs'
import { findNode24 } from './node24.mjs'
import { packagesStep } from './packages.mjs'
import { checkNode, missingPrerequisites } from './prerequisites.mjs'
import { SetUpProblem } from './problem.mjs'
import { selfCheckStep } from './self-check-step.mjs'
import { tensorflowStep } from './tensorflow.mjs'

/**
 * @typedef {object} Step
 * @property {string} name
 * @property {import('./prerequisites.mjs').Need[]} needs what the machine must have for it
 * @property {(context: import('./context.mjs').Context) => Promise<boolean>} isDone
 * @property {(context: import('./context.mjs').Context) => Promise<void>} perform
 */

/** @type {readonly Step[]} */
const STEPS = [packagesStep, tensorflowStep, bindingStep, selfCheckStep]

/**
 * Does what is not done yet.
 * @param {Partial<import('./context.mjs').Context>} [overrides]
 * @returns {Promise<{ node: string, context: import('./context.mjs').Context }>} path of the Node to run the lab under
 * @throws {SetUpProblem}
 */
export async function setUp(overrides = {}) {
  const context = createContext(overrides)
  checkNode(process.versions.node)
  const pending = await pendingSteps(context)
  if (pending.length > 0) {
    const problems = await missingPrerequisites(
      pending.flatMap((step) => step.needs),
      context,
    )
    if (problems.length > 0) throw new SetUpProblems(problems)
    context.say('Setting up (once; later starts skip this):')
    await withLock(join(context.root, '.set-up.lock'), context.say, async () => {
      for (const step of STEPS) if (!(await step.isDone(context))) await step.perform(context)
    })
  }
  return { node: findNode24(context), context }
}

/**
 * From the first step that is not done, each that is not; a later one cannot be told before the earlier is.
 * @param {import('./context.mjs').Context} context
 */
async function pendingSteps(context) {
  const pending = []
  for (const step of STEPS) {
    const known = pending.length === 0 || step === tensorflowStep
    if (!known || !(await step.isDone(context))) pending.push(step)
  }
  return pending
}

/** Several at once, so that a person mends them in one go. */
export class SetUpProblems extends Error {
  /** @param {readonly SetUpProblem[]} problems */
  constructor(problems) {
    super(problems.map((problem) => problem.message).join(' '))
    this.problems = problems
  }
}

/**
 * Set-up for a script's entry: what is missing is said, and the process ends with 1.
 * @param {Partial<import('./context.mjs').Context> & { json?: boolean }} [options] json: also say it as the command line would, on stdout
 */
export async function setUpOrExit({ json = false, ...overrides } = {}) {
  try {
    return await setUp(overrides)
  } catch (error) {
    const problems = error instanceof SetUpProblems ? error.problems : error instanceof SetUpProblem ? [error] : null
    if (problems === null) throw error
    sayProblems(problems, json)
    process.exit(1)
  }
}

/**
 * Says what is missing as the command line would.
 * @param {readonly SetUpProblem[]} problems
 * @param {boolean} json also on stdout, for programs
 */
export function sayProblems(problems, json) {
  for (const { message, remedy } of problems) {
    process.stderr.write(`${message} ${remedy}\n`)
    if (json) process.stdout.write(`${JSON.stringify({ event: 'error', code: 'set-up', message, remedy })}\n`)
  }
}
