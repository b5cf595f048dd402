/** A disk that fills up while a run trains, and is emptied again. It needs the right to mount one. */
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { cannotMount, fillDisk, mountDisk } from '../src/main/store/testing/disks.ts'
import { expect, test as base } from './lab.ts'
import { patience, shownStep, stateOf } from './run-page.ts'
import { seedTinyRun } from './tiny-run.ts'

const obstacle = cannotMount()
const test = base.extend<{ disk: string }>({
  disk: async ({}, use) => {
    const own = mountDisk(64)
    try {
      await use(own.folder)
    } finally {
      own.remove()
    }
  },
  dataDir: async ({ disk }, use) => {
    const dataDir = join(disk, 'data')
    await seedTinyRun(dataDir, { name: 'cramped', steps: 1_000_000 })
    await use(dataDir)
  },
})

test.skip(obstacle !== null, obstacle ?? '')
test.setTimeout(3 * patience)

test('a full disk: the run waits, says why, and goes on by itself when there is room', async ({ lab, disk }) => {
  await lab.getByRole('link', { name: /cramped/ }).click()
  await lab.getByRole('button', { name: 'Start', exact: true }).click()
  await expect.poll(() => shownStep(lab), { intervals: [50], timeout: patience }).toBeGreaterThan(20)
  const ballast = fillDisk(disk, 0)
  await expect(stateOf(lab)).toHaveText('paused', { timeout: patience })
  const alert = lab.getByRole('alert').filter({ hasText: /is full/ })
  await expect(alert.getByRole('heading')).toHaveText('The run waits for its disk')
  await expect(alert).toContainText('The run then goes on by itself')
  const stoodAt = await shownStep(lab)

  rmSync(ballast)
  await expect(stateOf(lab)).toHaveText('training', { timeout: patience })
  await expect(alert).toBeHidden()
  await expect.poll(() => shownStep(lab), { timeout: patience }).toBeGreaterThan(stoodAt + 20)
  await lab.getByRole('button', { name: 'Pause' }).click()
  await expect(stateOf(lab)).toHaveText('paused', { timeout: patience })
  await expect(lab.getByRole('alert')).toBeHidden()
})
