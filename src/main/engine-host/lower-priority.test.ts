import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { constants } from 'node:os'
import { text } from 'node:stream/consumers'
import { expect, test } from 'vitest'
import { lowPriority } from './lower-priority.ts'

interface Found {
  /** Before it is lowered, after, and after once more; greater is less. */
  priorities: number[]
  /** Of its session, as the kernel tells it, in the end. */
  session: string
}

const { PRIORITY_BELOW_NORMAL: below } = constants.priority

async function priorities(environment: Record<string, string>, detached = false): Promise<Found> {
  const program = `
    import { existsSync, readFileSync } from 'node:fs'
    import { getPriority } from 'node:os'
    import { lowerPriority } from ${JSON.stringify(new URL('./lower-priority.ts', import.meta.url).href)}
    const priorities = [getPriority()]
    for (let i = 0; i < 2; i++) {
      lowerPriority()
      priorities.push(getPriority())
    }
    const told = '/proc/self/autogroup'
    console.log(JSON.stringify({ priorities, session: existsSync(told) ? readFileSync(told, 'utf8') : '' }))`
  const child = spawn(process.execPath, ['--input-type=module', '--eval', program], {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
    detached,
  })
  return JSON.parse(await text(child.stdout)) as Found
}

test('a process of low priority comes after the others, and none rises by it', async () => {
  const [before, after, again] = (await priorities(lowPriority)).priorities
  expect(after).toBe(Math.max(before, below))
  expect(again).toBe(after)
})

test('one that was not told so keeps its place', async () => {
  const [before, after] = (await priorities({})).priorities
  expect(after).toBe(before)
})

const hasSessions = (): boolean => {
  const [switched, own] = ['/proc/sys/kernel/sched_autogroup_enabled', '/proc/self/autogroup']
  return existsSync(switched) && readFileSync(switched, 'utf8').trim() === '1' && readFileSync(own, 'utf8').includes('nice')
}

// Who may not lower a session as often as it likes (anybody but root) does so a little later.
test.runIf(hasSessions() && process.getuid?.() === 0)('its session comes after the others too, where it is its own', async () => {
  const own = await priorities(lowPriority, true)
  expect(own.session).toMatch(new RegExp(` nice ${own.priorities[2]}$`, 'm'))
  const shared = await priorities({}, false)
  const beside = await priorities(lowPriority, false)
  expect(beside.session).toBe(shared.session)
})
