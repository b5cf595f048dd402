import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from 'playwright/test'
import { expect, inFolder, test } from './lab.ts'
import { freePort, Server } from './server.ts'

/** What a browser reads that is not let in. */
const refused = async (page: Page, address: string, why: string): Promise<void> => {
  const response = await page.goto(address)
  expect(response?.status()).toBe(401)
  await expect(page.locator('body')).toContainText(why)
  await expect(page.locator('body'), 'what to do').toContainText('Open the address that the lab printed in its terminal')
}

test('a stranger is refused in words: without a token, with a wrong, a used or another lab’s', async ({ server, page }) => {
  const { origin } = new URL(server.url)
  const used = server.url
  const wrong = 'The token of this address is used or wrong.'
  await refused(page, origin, 'This browser has not been let in.')
  await refused(page, `${used.slice(0, -1)}${used.endsWith('A') ? 'B' : 'A'}`, wrong)
  await inFolder(async (folder) => {
    const other = new Server(folder, await freePort())
    await other.start()
    await refused(page, `${origin}/${new URL(other.url).search}`, wrong)
    // Cookies know no ports: what lets in to one lab comes along to the other.
    await page.goto(other.url)
    await expect(page.getByRole('button', { name: /try it on mnist/i })).toBeVisible()
    await refused(page, origin, 'This browser has not been let in.')
    await other.stop()
  })
  const friend = await page.context().browser()!.newContext()
  await (await friend.newPage()).goto(used)
  await friend.close()
  await refused(page, used, wrong)
})

test('a cookie from before the lab had a new key is refused in words', async ({ server, page }) => {
  const { origin } = new URL(server.url)
  await page.goto(server.url)
  await expect(page.getByRole('button', { name: /try it on mnist/i })).toBeVisible()
  await server.stop()
  await rm(join(server.dataDir, 'door.key'))
  await server.start()
  await refused(page, origin, 'This browser has not been let in.')
})

test('an empty lab says how to begin', async ({ lab }) => {
  await expect(lab.getByRole('button', { name: /try it on mnist/i })).toBeVisible()
  expect(new URL(lab.url()).search, 'the token is not left in the address').toBe('')
  await lab.getByRole('link', { name: 'Compare', exact: true }).click()
  await expect(lab.getByRole('main').getByRole('link', { name: 'New experiment' })).toBeVisible()
})
