/** Targets that are put together in the form: by mouse, by keyboard, and as the run keeps them. */
import type { Locator, Page } from 'playwright/test'
import { expect, test } from './lab.ts'
import { choose, panel, patience } from './run-page.ts'
import { withTinyRuns } from './tiny-run.ts'

test.setTimeout(3 * patience)
test.use(withTinyRuns({ name: 'tiny', steps: 5 }))

/** The form with the tiny data set: 6 x 6 grey, 3 classes. */
async function openForm(page: Page): Promise<Locator> {
  await page.goto(`${page.url().split('#')[0]}#/new?data=bars`)
  const target = panel(page, 'Target network')
  await expect(target.getByRole('button', { name: /^\d+ Dense 3$/ })).toBeVisible({ timeout: patience })
  return target
}

const layer = (target: Locator, words: string | RegExp): Locator =>
  target.getByRole('listitem').filter({ has: target.page().getByRole('button', { name: words }) })

test('a layer is dragged into a block’s shortcut, which has none to drop it beside, and back by the keys', async ({ lab }) => {
  const target = await openForm(lab)
  await target.getByRole('button', { name: 'Add a layer', exact: true }).click()
  await lab.getByRole('menuitem', { name: 'Residual block' }).click()
  await expect(target.getByRole('button', { name: /Residual block/ })).toBeFocused()
  await expect(lab.getByRole('menu')).toBeHidden()
  const norm = target.getByRole('button', { name: /Normalisation$/ })
  await norm.dragTo(target.getByRole('button', { name: /^Add a layer within layer \d: Shortcut/ }))
  await expect(norm, 'dragged into the shortcut').toHaveText(/^\d\.2\.1/)
  await expect(norm).toBeFocused()
  await lab.keyboard.press('Control+z')
  await expect(norm).toHaveText(/^\d\.1\.\d/)
  await expect(norm, 'keeps the focus, for the next press').toBeFocused()
})

test('a target built by mouse is refused where it cannot be, trains, and stands in the run', async ({ lab }) => {
  const target = await openForm(lab)
  await choose(target, 'Start from', /^Dense, one hidden layer/)
  await expect(target.getByRole('button', { name: /^[12] Dense/ })).toHaveText([/1\s*Dense 32, ReLU/, /2\s*Dense 3$/])

  await target.getByRole('button', { name: 'Add a layer', exact: true }).click()
  await lab.getByRole('menuitem', { name: 'Convolution' }).click()
  const convolution = layer(target, /Convolution/)
  await convolution.getByRole('textbox', { name: 'Kernel' }).fill('3')
  await convolution.getByRole('textbox', { name: 'Filters' }).fill('4')
  await expect(convolution).toContainText('6 × 6 × 4')
  await expect(convolution).toContainText('40 weights')
  await convolution.getByRole('textbox', { name: 'Weight generator' }).fill('9')

  await convolution.getByRole('button', { name: 'Move down: layer 1' }).click()
  await expect(convolution.getByText('A convolution cannot follow a dense layer.')).toBeVisible()
  await expect(convolution.getByRole('button', { name: 'Move down: layer 2' }), 'keeps the focus').toBeFocused()
  await expect(lab.getByRole('button', { name: 'Start training' })).toBeDisabled()
  await expect(lab.getByText('Layer 2: A convolution cannot follow a dense layer.').first()).toBeVisible()
  await convolution.getByRole('button', { name: 'Move up: layer 2' }).click()
  await expect(convolution.getByText('cannot follow')).toBeHidden()

  const [first, last] = [/^1 Convolution/, /^3 Dense 3$/].map((name) => target.getByRole('button', { name }))
  await first.dragTo(last, { targetPosition: { x: 60, y: 22 } })
  await expect(target.getByRole('button', { name: /^3 Convolution/ }), 'dragged behind the last').toBeFocused()
  await target.getByRole('button', { name: /^3 Convolution/ }).dragTo(target.getByRole('button', { name: /^1 Dense/ }), {
    targetPosition: { x: 60, y: 4 },
  })
  await expect(first, 'dragged before the first').toBeFocused()
  await expect(convolution.getByText('cannot follow')).toBeHidden()

  await convolution.getByRole('textbox', { name: 'Kernel' }).fill('0')
  await expect(convolution.getByRole('textbox', { name: 'Kernel' })).toHaveAccessibleDescription('It must be a whole number from 1 to 31.')
  await expect(lab.getByRole('button', { name: 'Start training' })).toBeDisabled()
  await convolution.getByRole('textbox', { name: 'Kernel' }).fill('5')

  const more = target.getByRole('button', { name: 'More for layer 2' })
  await more.click()
  await lab.getByRole('menuitem', { name: 'Duplicate' }).click()
  await expect(target.getByText('4 layers')).toBeVisible()
  await more.click()
  await lab.getByRole('menuitem', { name: 'Remove' }).click()
  await expect(target.getByText('3 layers')).toBeVisible()
  // 5 x 5 + 1 for 4 filters; 144 + 1 for 32 units; 32 + 1 for 3 classes.
  await expect(target).toContainText('4,843 weights')
  await expect(lab.getByText('4,843')).toHaveCount(2)

  await lab.getByRole('tab', { name: /Document/ }).click()
  await expect(lab.getByText('{ "version"')).toContainText('"kernel": 5')
  await lab.reload()
  await expect(layer(target, /Convolution 5 × 5, 4 filters/)).toBeVisible()
  await lab.getByLabel('Steps', { exact: true }).fill('3')
  await lab.getByRole('button', { name: 'Start training' }).click()
  await expect(lab.getByRole('heading', { level: 1 })).not.toHaveText('New experiment', { timeout: patience })
  await expect(lab.getByText('finished', { exact: true }).first()).toBeVisible({ timeout: patience })
  await lab.getByRole('tab', { name: /Settings/ }).click()
  const document = panel(lab, 'Document')
  await expect(document).toContainText('kind convolution, kernel 5, filters 4')
  await expect(document).toContainText('9; 144, 144, 144; 68, 68, 68')
})

test('a target built by keyboard alone', async ({ lab }) => {
  const target = await openForm(lab)
  const { keyboard } = lab
  const heads = target.getByRole('button', { name: /^\d+ / })
  await heads.first().focus()
  const before = await heads.allInnerTexts()
  await keyboard.press('ArrowDown')
  await expect(heads.nth(1)).toBeFocused()
  await keyboard.press('ArrowUp')
  await keyboard.press('Delete')
  await expect(heads).toHaveCount(before.length - 1)
  await expect(heads.first(), 'the focus goes to the next').toBeFocused()
  await keyboard.press('Control+Shift+z')
  await expect(heads).toHaveCount(before.length)
  await expect(heads.first(), 'and back').toBeFocused()

  await target.getByRole('button', { name: 'Add a layer', exact: true }).focus()
  await keyboard.press('Enter')
  await lab.getByRole('menuitem').first().waitFor()
  await keyboard.type('Dense')
  await keyboard.press('Enter')
  const units = target.getByRole('textbox', { name: 'Units' })
  await expect(units).toBeFocused()
  await keyboard.press('Control+a')
  await keyboard.type('12')
  const added = target.getByRole('button', { name: /Dense 12, ReLU/ })
  const place = Number((await added.innerText()).trim().split(/\s/)[0])
  await added.focus()
  await keyboard.press('Alt+ArrowUp')
  await expect(added).toBeFocused()
  await expect(added).toHaveText(new RegExp(`^${place - 1}`))
  await expect(target.getByRole('status').filter({ hasText: `It is layer ${place - 1} now.` })).toBeAttached()
  await keyboard.press('Enter')
  await expect(units).toBeHidden()
  await expect(lab.getByRole('button', { name: 'Start training' })).toBeEnabled()
})

test('the output follows the data set', async ({ lab }) => {
  const target = await openForm(lab)
  await choose(target, 'Start from', /^Dense, one hidden layer/)
  await choose(lab.getByRole('main'), 'Data set', /^mnist/)
  await expect(target.getByRole('button', { name: /^2 Dense 10$/ })).toBeVisible()
  await expect(lab.getByRole('button', { name: 'Start training' })).toBeEnabled({ timeout: patience })
})
