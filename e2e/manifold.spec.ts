/** What the guide tells of the manifold, done in a browser on real networks. */
import { execFileSync } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import type { Locator, Page } from 'playwright/test'
import { fit, toScreen } from '../src/renderer/charts/scatter/camera.ts'
import { expect, test } from './demo-lab.ts'
import type { DemoLab } from './demo-lab.ts'

const table = (page: Page): Locator => page.getByRole('grid', { name: 'Networks' })
const map = (page: Page): Locator => page.getByRole('application', { name: /^Map of 40 networks/ })

async function openMap(page: Page, { origin, run }: DemoLab): Promise<void> {
  await page.goto(`${origin}/#/runs/${run}/analyses/map`)
  await expect(table(page)).toBeVisible()
  await expect(map(page)).toBeVisible()
}

/** What the window saves when this item of the menu is clicked. */
async function saved(page: Page, item: string): Promise<string> {
  await page.getByRole('button', { name: 'Save the map' }).click()
  const saving = page.waitForEvent('download')
  await page.getByRole('menuitem', { name: item }).click()
  return await readFile(await (await saving).path(), 'utf8')
}

/** The rows of a table saved as CSV, without its head. */
const rowsOf = (csv: string): number[][] =>
  csv
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.split(',').map(Number))

/** The networks that the newest stored results of a kind (`ensembles`, `students`) name, as another process reads them. */
function storedNetworks({ dataDir, run }: DemoLab, kind: string): number[][] {
  const words = ['src/main/cli/main.ts', 'show', run, '--json', '--data-dir', dataDir]
  const shown = JSON.parse(execFileSync(process.execPath, words, { encoding: 'utf8' }).trimEnd().split('\n').at(-1)!) as Record<
    string,
    { networks: number[] | null }[]
  >
  return shown[kind].flatMap(({ networks }) => (networks === null ? [] : [networks]))
}

test('networks of a lasso vote and teach: those that are stored are those that lay within it', async ({ window: page, demo }) => {
  test.setTimeout(180_000)
  await openMap(page, demo)
  const points = rowsOf(await saved(page, 'CSV, the numbers'))
  expect(points).toHaveLength(40)

  // Where the saved coordinates say that points are, the lasso goes around the 14 to the left.
  const box = (await map(page).boundingBox())!
  const coordinates = Float32Array.from(points.flatMap(([, x, y]) => [x, y]))
  const camera = fit(coordinates, box)
  const places = points.map(([index, x, y]) => ({ index, ...toScreen(camera, box, x, y) }))
  const across = places.map(({ x }) => x).toSorted((a, b) => a - b)
  const edge = (across[13] + across[14]) / 2
  const inside = places.filter(({ x }) => x < edge).map(({ index }) => index)
  expect(inside).toHaveLength(14)
  const corners = [
    [2, 2],
    [edge, 2],
    [edge, box.height - 2],
    [2, box.height - 2],
  ]
  await page.keyboard.down('Shift')
  for (const [at, [x, y]] of corners.entries()) {
    await page.mouse.move(box.x + x, box.y + y, { steps: 8 })
    if (at === 0) await page.mouse.down()
  }
  await page.mouse.up()
  await page.keyboard.up('Shift')
  await expect(page.getByText('14 networks chosen')).toBeVisible()

  await page.getByRole('button', { name: 'Show the chosen networks only' }).click()
  await expect(table(page).getByRole('row')).toHaveCount(15)
  const shown = await table(page).getByRole('row').locator('td:nth-child(2)').allInnerTexts()
  expect(shown.map(Number).toSorted((a, b) => a - b)).toEqual(inside)

  await page.getByRole('button', { name: 'Ensemble of these 14' }).click()
  await expect(page.getByText('14 hand-picked networks').first()).toBeVisible({ timeout: 60_000 })
  await expect.poll(() => storedNetworks(demo, 'ensembles'), { timeout: 60_000 }).toEqual([inside])

  await openMap(page, demo)
  // Another way to the same: by what they are.
  await page.getByRole('searchbox', { name: 'Filter networks' }).fill('network >= 3 and network < 7')
  await page.getByRole('button', { name: 'Choose these 4' }).click()
  await page.getByRole('button', { name: 'Distil these 4' }).click()
  const form = page.getByRole('dialog')
  await form.getByText('Training of the student').click()
  await form.getByLabel('Steps', { exact: true }).fill('20')
  await form.getByRole('button', { name: 'Distil', exact: true }).click()
  await expect(page.getByText(/Of 4 hand-picked networks/).first()).toBeVisible({ timeout: 60_000 })
  for (const curve of ['Learning', 'Loss'])
    await expect(page.getByRole('slider', { name: `${curve}, step` })).toHaveAttribute('aria-valuetext', /^at the end: Student \d/)
  await expect.poll(() => storedNetworks(demo, 'students'), { timeout: 60_000 }).toEqual([[3, 4, 5, 6]])
})

test('a filter hides networks in table and map, and says what is wrong with it', async ({ window: page, demo }) => {
  await openMap(page, demo)
  // As many columns as there is room for, each number whole.
  for (const width of [1024, 1920, 1280]) {
    await page.setViewportSize({ width, height: 720 })
    const cells = table(page).locator('td.right')
    await expect
      .poll(() => cells.evaluateAll((all) => all.filter((one) => one.scrollWidth > one.clientWidth).map((one) => one.textContent)))
      .toEqual([])
  }
  const filter = page.getByRole('searchbox', { name: 'Filter networks' })
  const accuracies = rowsOf(await saved(page, 'CSV, the numbers')).map(([, , , accuracy]) => accuracy)
  const middle = accuracies.toSorted((a, b) => a - b)[20]
  const passing = accuracies.filter((accuracy) => accuracy >= middle).length
  await filter.fill(`accuracy >= ${middle}`)
  await expect(page.getByText(`${passing} of 40 networks`)).toBeVisible()
  const svg = await saved(page, 'SVG, for papers')
  expect(svg.match(/M[\d.]+ [\d.]+h0/g)).toHaveLength(passing)
  expect(svg).toContain(`demo: ${passing} of 40 networks, t-SNE`)
  expect(svg).toContain('>Accuracy, 100 validation images<')

  await filter.fill('acuracy > 0.5')
  await expect(page.getByText('“acuracy” cannot be filtered by. Write, for example, “accuracy > 0.95”')).toBeVisible()
  await expect(filter).toHaveAttribute('aria-invalid', 'true')
  // As a newcomer types: any sign, one after the other.
  await filter.fill('')
  await filter.pressSequentially('7 (>= "x" and not')
  await filter.fill('')
  await expect(page.getByText('40 networks', { exact: true })).toBeVisible()
})

test('a network is opened, its neighbours found, bookmarked and removed again', async ({ window: page, demo }) => {
  await openMap(page, demo)
  await table(page).getByRole('row').nth(6).click()
  const card = page.getByRole('region', { name: /^Network \d+$/ })
  await expect(card.getByRole('heading', { name: 'Confusion matrix' })).toBeVisible()
  await expect(card.getByRole('heading', { name: 'Worst images' })).toBeVisible()
  const neighbours = card.getByRole('button', { name: /^Network \d+ .* of 100 validation images/ })
  await expect(neighbours).toHaveCount(10)
  const distances = (await neighbours.locator('.distance').allInnerTexts()).map((text) => Number(text.replace(/,/g, '')))
  expect(distances).toEqual(distances.toSorted((a, b) => a - b))
  await card.getByRole('button', { name: 'Choose it and its 10 nearest' }).click()
  await expect(page.getByText('11 networks chosen')).toBeVisible()

  await page.getByRole('button', { name: 'Bookmark this network' }).click()
  await page.getByRole('dialog').getByRole('textbox').fill('the good one')
  await page.getByRole('dialog').getByRole('button', { name: 'Bookmark' }).click()
  await expect(page.getByRole('heading', { name: 'the good one' })).toBeVisible()
  await page.reload()
  await expect(page.getByRole('heading', { name: 'the good one' })).toBeVisible()
  await page.getByRole('button', { name: 'Back to all networks' }).click()
  await page.getByRole('tab', { name: /Bookmarks/ }).click()
  await page.getByRole('button', { name: /the good one/ }).click()
  await page.getByRole('button', { name: 'Remove the bookmark' }).click()
  await expect(page.getByText('“the good one” is no longer bookmarked')).toBeVisible()
})

test('F1 opens the guide at what it says of the view, and words find sections', async ({ window: page, demo }) => {
  await openMap(page, demo)
  await page.keyboard.press('F1')
  await expect(page.getByRole('heading', { name: 'The manifold', level: 2 })).toBeVisible()
  await page.getByRole('searchbox', { name: 'Search the guide' }).fill('log out tmux')
  await expect(page.getByRole('heading', { name: 'What to know' })).toBeVisible()
  await page.getByRole('searchbox', { name: 'Search the guide' }).fill('zzzz')
  await expect(page.getByText('Nothing here contains “zzzz”.')).toBeVisible()
})

// Last, since it makes a newer map: the others look at the demo's.
test('colours and planes change what is shown, and a new map is kept beside the old one', async ({ window: page, demo }) => {
  await openMap(page, demo)
  await page.getByRole('combobox', { name: /^Colour by/ }).click()
  await page.getByRole('option', { name: 'Norm' }).click()
  await expect(page.getByRole('img', { name: /^Norm: colours from / })).toBeVisible()
  await expect(page).toHaveURL(/colour=norm/)
  const laidOut = rowsOf(await saved(page, 'CSV, the numbers'))
  await page.getByRole('combobox', { name: /^Plane/ }).click()
  await page.getByRole('option', { name: 'PCA 2 and 3' }).click()
  const turned = rowsOf(await saved(page, 'CSV, the numbers'))
  // The last three columns are the components, whatever is shown.
  for (const [at, row] of turned.entries()) {
    expect(row.slice(1, 3)).toEqual(laidOut[at].slice(-2))
    expect(row.slice(-3)).toEqual(laidOut[at].slice(-3))
  }

  await page.getByRole('button', { name: 'New map' }).click()
  const form = page.getByRole('dialog', { name: 'Map sampled networks' })
  await form.getByLabel('Networks', { exact: true }).fill('25')
  await form.getByRole('radio', { name: /^PCA/ }).click()
  await form.getByRole('button', { name: 'Compute the map' }).click()
  await expect(page.getByRole('application', { name: /^Map of 25 networks/ })).toBeVisible({ timeout: 60_000 })
  await page.reload()
  await expect(page.getByRole('application', { name: /^Map of 25 networks/ })).toBeVisible()
  await page.getByRole('combobox', { name: /^Map/ }).click()
  await page.getByRole('option', { name: /t-SNE of 40/ }).click()
  await expect(map(page)).toBeVisible()
})
