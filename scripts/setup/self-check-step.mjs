/** Whether native TensorFlow works here, asked once for each binding and Node. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { readJson, writeWhole } from './files.mjs'
import { findNode24 } from './node24.mjs'
import { SetUpProblem } from './problem.mjs'
import { run } from './process.mjs'
import { wheelsFor } from './wheels.mjs'

/** @typedef {import('./context.mjs').Context} Context */

/** @param {Context} context */
const folder = (context) => join(context.root, 'node_modules', '.weightscape')

/**
 * What the answer holds for: the binding's stamp and the Node.
 * @param {Context} context
 */
async function subject(context) {
  const binding = await readFile(join(folder(context), 'binding.json'), 'utf8').catch(() => '')
  return { binding, node: findNode24(context) }
}

/** @type {import('./setup.mjs').Step} */
export const selfCheckStep = {
  needs: [],

  async isDone(context) {
    const passed = await readJson(join(folder(context), 'self-check.json'))
    return !context.verify && passed !== null && JSON.stringify(passed) === JSON.stringify(await subject(context))
  },

  async perform(context) {
    const about = await subject(context)
    const { code, stdout, stderr } = await run(about.node, [fileURLToPath(new URL('self-check.mjs', import.meta.url))], {
      env: context.env,
      cwd: context.root,
    })
    if (code !== 0) {
      throw new SetUpProblem(
        `Native TensorFlow was set up but does not work here:\n${stderr.trim().split('\n').slice(-15).join('\n')}\n`,
        `Run "npm run setup -- --verify"; if that changes nothing, delete ${context.cache} and start again${context.env['WEIGHTSCAPE_DEVICE'] === 'cpu' ? '' : ' (with WEIGHTSCAPE_DEVICE=cpu to leave the GPU out)'}.`,
      )
    }
    const { tensorflow, gpu } = /** @type {{ tensorflow: string, gpu: boolean }} */ (JSON.parse(stdout))
    const without = wheelsFor(context).machine.endsWith('-gpu')
      ? ', on the processor: it finds no GPU ("npm run lab -- doctor" says why)'
      : ''
    context.say(`  TensorFlow ${tensorflow} works${gpu ? ', on the GPU' : without}`)
    await writeWhole(join(folder(context), 'self-check.json'), JSON.stringify(about))
  },
}
