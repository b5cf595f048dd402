import { kill } from 'node:process'
import type { Page } from 'playwright/test'
import { expect, test } from './lab.ts'
import { enginesOf } from './processes.ts'
import { patience, shownStep, stateOf } from './run-page.ts'
import { withTinyRuns } from './tiny-run.ts'

/** So many that none is through them before it is killed. */
const steps = 700

test.setTimeout(2 * patience)
test.use(withTinyRuns({ name: 'fated', steps }))

/** Trains until there is a checkpoint to go on from. */
async function trainABit(lab: Page): Promise<void> {
  await lab.getByRole('link', { name: /fated/ }).click()
  await lab.getByRole('button', { name: 'Start', exact: true }).click()
  await expect.poll(() => shownStep(lab), { intervals: [50], timeout: patience }).toBeGreaterThan(40)
}

/** Goes on with it, to its end. */
async function finish(lab: Page): Promise<void> {
  await lab.getByRole('button', { name: 'Resume' }).click()
  await expect(stateOf(lab)).toHaveText('finished', { timeout: patience })
  expect(await shownStep(lab)).toBe(steps)
  await expect(lab.getByRole('alert'), 'what went wrong is no longer said').toBeHidden()
}

test('an engine that is killed: the page says so, and Resume goes on to the end', async ({ lab, server }) => {
  await trainABit(lab)
  const [engine] = enginesOf(server.pid!)
  kill(engine, 'SIGKILL')

  await expect(stateOf(lab)).toHaveText('interrupted')
  const alert = lab.getByRole('alert').filter({ hasText: 'The run was interrupted' })
  await expect(alert).toContainText(`The engine process (pid ${engine}) was killed by SIGKILL`)
  await expect(alert).toContainText(/can go on from step [1-9]/)
  await finish(lab)
})

test('a server that is killed: the page waits, finds it again, and Resume goes on to the end', async ({ lab, server }) => {
  await trainABit(lab)
  const orphans = enginesOf(server.pid!)
  await server.stop('SIGKILL')
  await expect(lab.getByRole('status').filter({ hasText: 'Connection to the lab lost; trying again' })).toBeVisible()

  await server.start()
  await expect(lab.getByText('Connection to the lab lost')).toBeHidden()
  await expect(stateOf(lab)).toHaveText('interrupted')
  await expect.poll(() => orphans.filter(isAlive), 'nothing of it goes on computing').toEqual([])
  await finish(lab)
})

function isAlive(pid: number): boolean {
  try {
    return kill(pid, 0)
  } catch {
    return false
  }
}
