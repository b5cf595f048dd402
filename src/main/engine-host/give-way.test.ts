import { execFile } from 'node:child_process'
import { constants } from 'node:os'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { givesWay } from './give-way.ts'

/** Priorities of a process before it gives way, after, and after once more; greater is less. */
async function priorities(environment: Record<string, string>): Promise<number[]> {
  const place = new URL('./give-way.ts', import.meta.url).href
  const program = `
    import { getPriority } from 'node:os'
    import { giveWay } from ${JSON.stringify(place)}
    const found = [getPriority()]
    for (let i = 0; i < 2; i++) {
      giveWay()
      found.push(getPriority())
    }
    console.log(JSON.stringify(found))`
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', program], {
    env: { ...process.env, ...environment },
    cwd: fileURLToPath(new URL('.', import.meta.url)),
  })
  return JSON.parse(stdout) as number[]
}

test('a process that gives way comes after the others, and none rises by it', async () => {
  const [before, after, again] = await priorities(givesWay)
  expect(after).toBe(Math.max(before, constants.priority.PRIORITY_BELOW_NORMAL))
  expect(again).toBe(after)
})

test('one that was not told so keeps its place', async () => {
  const [before, after] = await priorities({})
  expect(after).toBe(before)
})
