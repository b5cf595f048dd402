import { readFile } from 'node:fs/promises'
import type { Page } from 'playwright/test'
import { expect, test } from './lab.ts'

/** Presses Tab until something of that name has the focus, as someone without a mouse would. */
async function tabTo(page: Page, name: RegExp): Promise<void> {
  for (let presses = 0; presses < 80; presses++) {
    await page.keyboard.press('Tab')
    const words = await page.evaluate(() => {
      const focused = document.activeElement as HTMLElement | null
      return `${focused?.getAttribute('aria-label') ?? ''} ${focused?.innerText ?? ''}`.replace(/\s+/g, ' ')
    })
    if (name.test(words)) return
  }
  throw new Error(`Nothing called ${name} was reached with Tab.`)
}

/** Goes somewhere by the palette. */
async function find(page: Page, words: string): Promise<void> {
  await page.keyboard.press('Control+k')
  await expect(page.getByRole('combobox', { name: 'Find anything' })).toBeFocused()
  await page.keyboard.type(words)
  await page.keyboard.press('Enter')
  await expect(page.getByRole('dialog')).toBeHidden()
}

test('by keyboard alone: from the empty start to the PDF', async ({ lab }) => {
  await expect(lab.getByRole('button', { name: 'Try it on MNIST' })).toBeVisible()
  await tabTo(lab, /try it on mnist/i)
  await lab.keyboard.press('Enter')
  await expect(lab.getByRole('heading', { name: 'demo', level: 1 })).toBeVisible()
  await expect(lab.getByRole('button', { name: /running: mnist demo/i })).toBeVisible()
  await expect(lab.getByRole('button', { name: /running/i })).toBeHidden({ timeout: 90_000 })

  await find(lab, 'report')
  await expect(lab).toHaveURL(/\/report/)
  await expect(lab.getByRole('heading', { name: 'Report', level: 1 })).toBeVisible()
  const saving = lab.waitForEvent('download')
  await tabTo(lab, /save .*\.pdf/i)
  await lab.keyboard.press('Enter')
  const pdf = await readFile(await (await saving).path())
  expect(pdf.subarray(0, 5).toString()).toBe('%PDF-')
})

test('shortcuts are listed under ?, and Escape leads back', async ({ lab }) => {
  await expect(lab.getByRole('button', { name: 'Try it on MNIST' })).toBeVisible()
  await lab.keyboard.press('?')
  await expect(lab.getByRole('dialog', { name: /shortcuts/i })).toBeVisible()
  await lab.keyboard.press('Escape')
  await expect(lab.getByRole('dialog')).toBeHidden()
})

test('the focus is where one was after the palette, and in the view that a key led to', async ({ lab }) => {
  const link = lab.getByRole('navigation', { name: 'Views' }).getByRole('link', { name: 'Runs', exact: true })
  await link.focus()
  await lab.keyboard.press('Control+k')
  await expect(lab.getByRole('combobox', { name: 'Find anything' })).toBeFocused()
  await lab.keyboard.press('Escape')
  await expect(link).toBeFocused()
  await lab.keyboard.press('Enter')
  await expect(lab.getByRole('heading', { name: 'Runs', level: 1 })).toBeVisible()
  await expect(link, 'it is still there').toBeFocused()
  await lab.getByRole('main').getByRole('link', { name: 'New experiment' }).first().focus()
  await lab.keyboard.press('Enter')
  await expect(lab.getByRole('heading', { name: 'New experiment', level: 1 })).toBeVisible()
  await expect(lab.getByRole('main'), 'what led here has gone').toBeFocused()
})

test('where the palette’s file cannot be fetched, keys that ask for it are answered with what to do', async ({ lab, complaints }) => {
  await lab.route('**/Palette-*.js', (route) => route.abort())
  await lab.reload()
  await lab.keyboard.press('Control+k')
  await expect(lab.getByText('Files of the window could not be loaded.')).toBeVisible()
  expect([...new Set(complaints.splice(0))]).toEqual(['Failed to load resource: net::ERR_FAILED'])
})
