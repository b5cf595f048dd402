/** Every view with real data, light and dark: nothing that keeps anybody out, nothing that does not fit. */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import AxeBuilder from '@axe-core/playwright'
import type { Page } from 'playwright/test'
import { routes } from '../src/renderer/app/routes.ts'
import { place } from '../src/main/data/testing/imports.ts'
import { classFolders } from '../src/main/data/testing/pictures.ts'
import { expect, test } from './demo-lab.ts'
import type { DemoLab } from './demo-lab.ts'
import { drop } from './drop.ts'
import { inFolder } from './lab.ts'

const pictures = fileURLToPath(new URL('../out/e2e-screenshots/', import.meta.url))

interface Place {
  name: string
  /** After `#`. */
  address: (demo: DemoLab) => string
  /** Waits for what must be there before one looks. */
  ready: (page: Page) => Promise<void>
}

const seen =
  (text: string | RegExp) =>
  (page: Page): Promise<void> =>
    expect(page.getByText(text).first()).toBeVisible()
const ofRun =
  (rest: string) =>
  ({ run }: DemoLab): string =>
    `/runs/${run}${rest}`

/** Something of each view that comes from the lab, by the name of its route. */
const ready: Partial<Record<string, Place['ready']>> = {
  start: seen('Recent runs'),
  data: seen('mnist'),
  dataset: (page) => expect(page.getByRole('list', { name: 'Pictures' }).getByRole('listitem').first()).toBeVisible(),
  import: seen('You see what was recognised before anything is imported.'),
  new: seen('weights and biases'),
  runs: demoListed,
  run: (page) => expect(page.getByRole('slider', { name: /^Accuracy/ })).toHaveAttribute('aria-valuemax', '12'),
  analyses: seen('Lets sampled networks vote.'),
  analysis: seen(/networks of seed/),
  report: (page) => expect(page.frameLocator('iframe').getByRole('heading', { name: 'demo' })).toBeVisible(),
  networks: seen(/Loaded again with/),
  guide: seen("From an empty lab to a paper's figures."),
  compare: seen('demo'),
  studies: seen('No studies yet'),
  study: seen('There is no study'),
  toy: (page) => page.getByRole('button', { name: 'Pause' }).click(),
  system: seen(/Memory/),
  settings: seen(/Notifications|Notify/i),
}

const addresses: Partial<Record<string, Place['address']>> = {
  dataset: ({ dataset }) => `/data/${dataset}`,
  analysis: ofRun('/analyses/map'),
  study: () => '/studies/nothing',
  compare: ({ run }) => `/compare?runs=${run}`,
}

const places: readonly Place[] = [
  ...routes.map(({ name, pattern, title }) => ({
    name,
    address: addresses[name] ?? ((demo: DemoLab) => pattern.replace(':run', demo.run)),
    ready: ready[name] ?? seen(title),
  })),
  { name: 'analysis-ensemble', address: ofRun('/analyses/ensemble'), ready: seen(/enough/) },
  { name: 'analysis-generic', address: ofRun('/analyses/evaluation'), ready: seen('Accuracy of sampled networks') },
  { name: 'run-results', address: ofRun('?tab=results'), ready: seen('Accuracy of sampled networks') },
  { name: 'run-checkpoints', address: ofRun('?tab=checkpoints'), ready: seen('step 12') },
  { name: 'run-settings', address: ofRun('?tab=settings'), ready: seen('Where it ran') },
  { name: 'run-notes', address: ofRun('?tab=notes'), ready: seen('Tags') },
  { name: 'nothing-here', address: () => '/nowhere', ready: seen('There is nothing at this address') },
  {
    name: 'new-document',
    address: () => '/new',
    ready: async (page) => {
      await page.getByRole('tab', { name: /Document/ }).click()
      await seen('The whole document')(page)
    },
  },
  {
    name: 'import-preview',
    address: () => '/import',
    ready: async (page) => {
      await inFolder(async (folder) => {
        await place(join(folder, 'shapes'), await classFolders(12))
        await drop(page, [join(folder, 'shapes')])
        await expect(page.getByRole('button', { name: 'Import this data set' })).toBeEnabled()
      })
    },
  },
  {
    name: 'menu',
    address: ofRun(''),
    ready: async (page) => {
      await page.getByRole('button', { name: 'More', exact: true }).click()
      await expect(page.getByRole('menuitem', { name: 'Delete' })).toBeVisible()
    },
  },
  {
    name: 'fork',
    address: ofRun(''),
    ready: async (page) => {
      await page.getByRole('button', { name: 'Fork', exact: true }).click()
      await expect(page.getByRole('dialog', { name: 'Fork demo' })).toBeVisible()
    },
  },
  {
    name: 'analysis-form',
    address: ofRun('/analyses/adversarial'),
    ready: async (page) => {
      await page.getByRole('button', { name: 'New analysis' }).click()
      await expect(page.getByRole('dialog', { name: 'Adversarial examples' })).toBeVisible()
    },
  },
  {
    name: 'list-of-choices',
    address: () => '/new',
    ready: async (page) => {
      await page.getByLabel('Method', { exact: true }).click()
      await expect(page.getByRole('option', { name: 'Hypernetwork', exact: true })).toBeVisible()
    },
  },
  {
    name: 'palette',
    address: () => '/runs',
    ready: async (page) => {
      await demoListed(page)
      await page.keyboard.press('Control+k')
      await expect(page.getByRole('combobox', { name: 'Find anything' })).toBeFocused()
      await page.keyboard.type('demo')
      await expect(page.getByRole('option').first()).toBeVisible()
    },
  },
  {
    name: 'shortcuts',
    address: () => '/runs',
    ready: async (page) => {
      await demoListed(page)
      await page.keyboard.press('?')
      await expect(page.getByRole('dialog', { name: /shortcuts/i })).toBeVisible()
    },
  },
]

function demoListed(page: Page): Promise<void> {
  return expect(page.getByRole('row', { name: /demo finished/ })).toBeVisible()
}

test.beforeAll(() => mkdir(pictures, { recursive: true }))

for (const { name, address, ready: arrive } of places) {
  test(name, async ({ window, demo }) => {
    await window.goto(`${demo.origin}/#${address(demo)}`)
    await expect(window.getByRole('heading', { level: 1 }).first()).toBeVisible()
    await arrive(window)
    for (const colorScheme of ['light', 'dark'] as const) {
      await window.emulateMedia({ colorScheme })
      await expectFits(window)
      await window.screenshot({ path: join(pictures, `${name}-${colorScheme}.png`), animations: 'disabled' })
      await expectOpenToAll(window, colorScheme)
    }
  })
}

/** No view scrolls sideways. */
async function expectFits(page: Page): Promise<void> {
  const wider = await page.evaluate(() =>
    [document.documentElement, ...document.querySelectorAll<HTMLElement>('main, main .page')]
      .filter((element) => element.scrollWidth > element.clientWidth + 1)
      .map((element) => `${element.tagName}.${element.className}: ${element.scrollWidth} in ${element.clientWidth}`),
  )
  expect(wider, 'what is wider than its place').toEqual([])
}

/** Nothing that a screen reader's or a keyboard's user would stumble over. */
async function expectOpenToAll(page: Page, scheme: 'light' | 'dark'): Promise<void> {
  // What is within a report is the report's own: it is looked at where reports are made.
  const axe = new AxeBuilder({ page }).exclude('iframe')
  // The dark page differs in its colours alone.
  const { violations, passes } = await (scheme === 'light' ? axe : axe.withRules(['color-contrast', 'link-in-text-block'])).analyze()
  expect(passes.length, 'rules that had something to look at').toBeGreaterThan(scheme === 'light' ? 5 : 0)
  const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')
  expect(serious.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.map(({ target }) => target.join(' ')).join('; ')}`)).toEqual([])
}
