/**
 * Two fast clicks and a held Enter on every button of views of the made-up lab, on items of menus, and on what the
 * dialogs are for that they open: the lab is asked for each thing once, and nothing goes wrong.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Locator, Page } from 'playwright/test'
import { expect, test } from 'playwright/test'
import { build, preview, type PreviewServer } from 'vite'
import { hear } from './lab.ts'

/** A run that has everything; others wait, are paused, were interrupted. */
const run = '/runs/quiet-lynx'
const few = [
  '/runs/sunny-ibis',
  `${run}?tab=checkpoints`,
  '/runs/vivid-stoat/analyses/map',
  `${run}/networks`,
  `${run}/report`,
  '/settings',
]
const views = [
  '/',
  '/runs',
  '/runs/brisk-heron',
  '/runs/mild-kestrel',
  '/runs/vivid-stoat/analyses/calibration',
  `${run}/cockpit`,
  '/data',
  '/import',
  '/new',
  '/compare?runs=quiet-lynx,vivid-stoat',
  '/system',
  '/trash',
  ...few,
]

/** An answer of the made-up lab takes 30 ms: the second click comes before it, or finds what it has brought. */
const fastClicks = async (page: Page, what: Locator) => {
  const box = await what.boundingBox()
  if (box === null) return // It has gone with what it was about.
  await what.scrollIntoViewIfNeeded()
  const { x, y, width, height } = (await what.boundingBox()) ?? box
  await page.mouse.move(x + width / 2, y + height / 2)
  for (const clickCount of [1, 2]) {
    await page.mouse.down({ clickCount })
    await page.mouse.up({ clickCount })
    if (clickCount === 1) await page.waitForTimeout(90)
  }
}

const heldEnter = async (page: Page, what: Locator) => {
  if (!(await what.isVisible())) return
  await what.focus()
  for (let repeats = 0; repeats < 4; repeats++) {
    await page.keyboard.down('Enter')
    await page.waitForTimeout(40)
  }
  await page.keyboard.up('Enter')
}

const gestures = [
  { gesture: 'two fast clicks', press: fastClicks, at: views },
  { gesture: 'a held Enter', press: heldEnter, at: few },
]

/** These open what is the browser's, load the page again, or only show something. */
const leftOut =
  /^(About|Copy|Save|Show|Zoom|log$|Choose (files|a folder|an image)|Another image|Load a document|Allow|Open the lab|Reload|Move (up|down)|More for layer|Add a layer|\d)/
/** These end what the others work on, or open a menu that does. */
const last = /^(Delete|Empty|Stop|Cancel|Pause|Remove|More)/

/** The next button in sight that was not pressed yet, by its name. */
async function next(within: Locator, pressed: ReadonlySet<string>): Promise<{ name: string; button: Locator } | null> {
  const buttons = within.locator('button:visible:enabled:not([aria-disabled=true], th *, [role=radio], [role=tab], [role=combobox])')
  const names = await buttons.evaluateAll((all) =>
    all.map((button) => (button.getAttribute('aria-label') ?? button.textContent).replaceAll(/\s+/g, ' ').trim()),
  )
  const left = names.filter((name) => !pressed.has(name) && !leftOut.test(name))
  const name = left.find((one) => !last.test(one)) ?? left.at(0)
  return name === undefined ? null : { name, button: buttons.nth(names.indexOf(name)) }
}

/** What the lab was asked to do since the last look, and what went wrong. */
async function lookAt(page: Page, complaints: string[], pressed: string): Promise<string[]> {
  await page.waitForTimeout(60)
  const asked = await page.evaluate(() => {
    const names = performance.getEntriesByType('mark').map(({ name }) => name)
    performance.clearMarks()
    return names.filter((name) => name.startsWith('effect '))
  })
  // A choice of a table or a chart is kept each time that it is made.
  const effects = asked.filter((name) => name !== 'effect preferences.set')
  expect(effects, pressed).toEqual([...new Set(effects)])
  expect(complaints, pressed).toEqual([])
  await expect(page.locator('[data-sonner-toast][data-type=error]'), pressed).toHaveCount(0)
  return effects
}

let outDir: string
let served: PreviewServer
test.beforeAll(async () => {
  test.setTimeout(300_000)
  outDir = await mkdtemp(join(tmpdir(), 'weightscape-presses-'))
  const configFile = fileURLToPath(new URL('../src/renderer/testing/vite.config.ts', import.meta.url))
  await build({ configFile, logLevel: 'warn', build: { outDir } })
  served = await preview({ configFile, logLevel: 'warn', build: { outDir }, preview: { host: '127.0.0.1' } })
})
test.afterAll(async () => {
  await served.close()
  await rm(outDir, { recursive: true, force: true })
})

for (const { gesture, press, at: places } of gestures) {
  test(`${gesture}: each button does what it says once`, async ({ page, context }) => {
    test.setTimeout(900_000)
    await context.grantPermissions(['clipboard-read', 'clipboard-write'])
    const complaints: string[] = []
    hear(page, complaints)
    const look = (pressed: string) => lookAt(page, complaints, pressed)

    /** Does what an open dialog is for. */
    const settle = async (pressed: string): Promise<string[]> => {
      const dialog = page.getByRole('alertdialog').or(page.getByRole('dialog')).last()
      if (!(await dialog.isVisible())) return []
      for (const field of await dialog.locator('input[required]:visible').all())
        if ((await field.inputValue()) === '') await field.fill('a name')
      const action = dialog.locator('form button[type=submit]:enabled, .foot button:last-child').first()
      if (await action.isVisible()) await press(page, action)
      const asked = await look(`${pressed}, and what its dialog is for`)
      if (await dialog.isVisible()) await page.keyboard.press('Escape')
      await expect(dialog, pressed).toBeHidden()
      return asked
    }

    const done = new Set<string>()
    for (const view of places) {
      const arrive = async (): Promise<void> => {
        await page.goto(`${served.resolvedUrls!.local[0]}testing/#${view}`)
        await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
        await page.waitForTimeout(100)
      }
      await page.goto('about:blank') // as it was at the beginning
      await arrive()
      const pressed = new Set<string>()
      const main = page.locator('main')
      for (let one = await next(main, pressed); one !== null; one = await next(main, pressed)) {
        const { name, button } = one
        const at = page.url()
        pressed.add(name)
        const told = `${view}: ${name}`
        // A second click on what opens a menu closes it again.
        await ((await button.getAttribute('aria-haspopup')) === 'menu' ? button.click() : press(page, button))
        const asked = [...(await look(told)), ...(await settle(told))]
        const items = page.getByRole('menuitem')
        for (const item of (await items.allInnerTexts()).toSorted((a, b) => Number(last.test(a)) - Number(last.test(b)))) {
          if (page.url() !== at) await arrive()
          if (!(await items.first().isVisible())) await button.click()
          const chosen = items.filter({ hasText: item }).first()
          if (await chosen.isDisabled()) continue
          await press(page, chosen)
          asked.push(...(await look(`${told}, ${item}`)), ...(await settle(`${told}, ${item}`)))
        }
        asked.forEach((effect) => done.add(effect))
        await page.keyboard.press('Escape')
        if (page.url() !== at) await arrive()
      }
    }
    const things = ['runs.start', 'runs.fork', 'exports.start', 'samples.start', 'reports.start', 'artefacts.remove', 'checkpoints.pin']
    if (places === views) things.push('analyses.start', 'demo.start', 'runs.pause', 'runs.create', 'imports.commit', 'tasks.cancel')
    expect(
      things.filter((method) => !done.has(`effect ${method}`)),
      'each was asked for',
    ).toEqual([])
  })
}
