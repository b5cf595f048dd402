/**
 * Set-up: everything between a fresh clone and a working lab. Each step knows in milliseconds whether it
 * is done; a step that was killed is done again.
 */
import { join } from 'node:path'
import { bindingStep } from './binding.mjs'
import { createContext } from './context.mjs'
import { withLock } from './lock.mjs'
import { findNode24, withNodeFirst } from './node24.mjs'
import { packagesStep } from './packages.mjs'
import { checkNode, missingPrerequisites } from './prerequisites.mjs'
import { orExit } from './problem.mjs'
import { selfCheckStep } from './self-check-step.mjs'
import { tensorflowStep } from './tensorflow.mjs'

/**
 * @typedef {object} Step
 * @property {import('./prerequisites.mjs').Need[]} needs what the machine must have for it
 * @property {(context: import('./context.mjs').Context) => Promise<boolean>} isDone
 * @property {(context: import('./context.mjs').Context) => Promise<void>} perform
 */

/** @type {readonly Step[]} */
const STEPS = [packagesStep, tensorflowStep, bindingStep, selfCheckStep]

/**
 * Does what is not done yet.
 * @param {import('./context.mjs').Context} context
 * @throws {import('./problem.mjs').SetUpProblem} or several in an AggregateError
 */
async function setUp(context) {
  checkNode(process.versions.node)
  const needs = await pendingNeeds(context)
  if (needs === null) return
  const problems = await missingPrerequisites(needs, context)
  if (problems.length > 0) throw new AggregateError(problems)
  context.say('Setting up (once; later starts skip this):')
  await withLock(join(context.root, '.set-up.lock'), context.say, async () => {
    for (const step of STEPS) if (!(await step.isDone(context))) await step.perform(context)
  })
}

/**
 * What the steps from the first that is not done need of the machine; null: all are done. Of those that follow only
 * TensorFlow, which is kept outside of the clone, can be told before the earlier are done.
 * @param {import('./context.mjs').Context} context
 */
async function pendingNeeds(context) {
  /** @type {import('./prerequisites.mjs').Need[] | null} */
  let needs = null
  for (const step of STEPS) {
    if ((needs === null || step === tensorflowStep) && (await step.isDone(context))) continue
    needs = [...(needs ?? []), ...step.needs]
  }
  return needs
}

/**
 * Set-up for a script's entry: what is missing is said, and the process ends with 1.
 * @param {Partial<import('./context.mjs').Context> & { json?: boolean }} [options] json: also say it as the command line would, on stdout
 * @returns {Promise<{ node: string, env: NodeJS.ProcessEnv, context: import('./context.mjs').Context }>} the Node to run the lab
 * under, and an environment in which `node` is that one
 */
export async function setUpOrExit({ json = false, ...overrides } = {}) {
  const context = createContext(overrides)
  const node = await orExit(async () => {
    await setUp(context)
    return findNode24(context)
  }, json)
  return { node, env: withNodeFirst(node, process.env), context }
}
