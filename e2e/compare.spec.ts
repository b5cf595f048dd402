/** Several runs side by side: their curves, their results, and only the settings in which they differ. */
import type { Page } from 'playwright/test'
import { openStore } from '../src/main/store/open-store.ts'
import { expect, test } from './lab.ts'
import { addTinyRun } from './tiny-run.ts'
import type { TinyPlan } from './tiny-run.ts'

interface Ended extends TinyPlan {
  /** Its last value; before, it was one more at each step. */
  crossEntropy: number
  /** Of its evaluation; left out: it was not evaluated. */
  accuracies?: readonly [worst: number, mean: number, best: number]
  entropy?: null
}

const ended: readonly Ended[] = [
  { name: 'slow', steps: 20, learningRate: 0.0002, crossEntropy: 2.25 },
  { name: 'middle', steps: 20, learningRate: 0.001, crossEntropy: 1.25, accuracies: [0.5, 0.6125, 0.7] },
  { name: 'plain', steps: 20, learningRate: 0.002, crossEntropy: 1.5, accuracies: [0.3, 0.4, 0.5], entropy: null },
  { name: 'fast', steps: 60, learningRate: 0.001, crossEntropy: 0.25, accuracies: [0.8, 0.8375, 0.9] },
]

/** Puts finished runs into a data folder, as if they had been trained and evaluated. */
async function seed(dataDir: string): Promise<void> {
  const store = openStore(dataDir)
  try {
    for (const { crossEntropy, accuracies, entropy, ...plan } of ended) {
      const { id, document } = await addTinyRun(store, plan)
      store.runs.move(id, 'training')
      const points = Array.from({ length: plan.steps }, (_, i) => ({ step: i + 1, value: crossEntropy + (plan.steps - i - 1) }))
      store.metrics.append(
        id,
        points.map((point) => ({ name: 'crossEntropy', at: point.step, ...point })),
      )
      const { hash } = await store.checkpoints.save(id, { step: plan.steps, arrays: { weights: new Float32Array(10) } }, 'finished')
      store.runs.move(id, 'finished', { step: plan.steps, seconds: 10 })
      if (accuracies === undefined) continue
      const [min, mean, max] = accuracies
      store.results.add({
        ...{ run: id, kind: 'evaluation', step: plan.steps, checkpoint: hash, seed: document.seed, count: 3, networks: null },
        ...{ dataset: document.data.id, split: 'test', images: 30, options: {} },
        result: {
          n: 3,
          images: 30,
          split: 'test',
          mean,
          std: 0.1,
          min,
          max,
          loss: 1,
          entropy: entropy === null ? null : 10 * mean,
          accuracies,
          losses: [1, 1, 1],
          seconds: 1,
        },
      })
    }
  } finally {
    store.close()
  }
}

test.use({
  dataDir: async ({ dataDir }, use) => {
    await seed(dataDir)
    await use(dataDir)
  },
})

/** Cells of the rows with this head. */
async function cellsOf(page: Page, table: string, head: RegExp): Promise<string> {
  const row = page.getByRole('table', { name: table }).getByRole('row', { name: head })
  return (await row.getByRole('cell').allInnerTexts()).map((text) => text.replaceAll(/\s*\n\s*/g, '')).join(' ')
}

/** Whether anything has to be moved sideways to be seen. */
const isCut = (page: Page): Promise<boolean> =>
  page.evaluate(() => [...document.querySelectorAll('main, main [role=group]')].some((part) => part.scrollWidth > part.clientWidth))

test('three runs: chosen, told apart, and taken out again', async ({ lab }) => {
  await lab.getByRole('link', { name: /fast/ }).click()
  await lab.getByRole('button', { name: 'More' }).click()
  await lab.getByRole('menuitem', { name: 'Compare with another' }).click()
  await expect(lab.getByText('Add another run to see what differs.')).toBeVisible()
  const adding = lab.getByRole('button', { name: 'Add runs' })
  await adding.click()
  const chooser = lab.getByRole('dialog', { name: 'Runs to compare' })
  await expect(chooser.getByRole('searchbox')).toBeFocused()
  await chooser.getByRole('checkbox', { name: /middle/ }).check()
  await chooser.getByRole('searchbox', { name: 'Filter runs' }).fill('slo')
  await expect(chooser.getByRole('checkbox')).toHaveCount(1)
  await chooser.getByRole('checkbox').check()
  await lab.keyboard.press('Escape')
  await expect(chooser).toBeHidden()
  await expect(adding, 'the focus is back').toBeFocused()

  const settings = lab.getByRole('table', { name: 'Table of settings' })
  const results = lab.getByRole('table', { name: 'Table of results: Evaluation' })
  // Each value with the runs that have it.
  await expect(settings.getByRole('rowheader')).toHaveText([/^Steps/, /^Learning rate/])
  await expect(settings.locator('tbody tr')).toHaveText([/60\s*fast$/, /20\s*middle\s*slow$/, /0\.001\s*fast\s*middle$/, /0\.0002\s*slow$/])
  for (const width of [1024, 1920]) {
    await lab.setViewportSize({ width, height: 720 })
    expect(await isCut(lab), `everything fits into ${width} pixels`).toBe(false)
  }

  // What was found stands in the row of the run that it was found of; a run that nothing was found of has nothing to show.
  await expect(results.getByRole('rowheader')).toHaveText(['fast', 'middle', 'slow'])
  const fast = await cellsOf(lab, 'Table of results: Evaluation', /^fast/)
  expect(fast).toMatch(/83\.75\s% \[no interval: made before intervals were\]/)
  const head = results.getByRole('columnheader')
  await expect(head.filter({ hasText: 'Mean network' }), 'what all stand on is said once').toContainText('3 networks on 30 test images')
  expect(fast).not.toContain('test images')
  expect(fast, 'nothing is best without an interval').not.toContain('the best')
  expect(await cellsOf(lab, 'Table of results: Training', /^fast/)).toMatch(/ 60 10\ss$/)
  expect(await cellsOf(lab, 'Table of results: Evaluation', /^middle/)).toMatch(/61\.25\s%/)
  expect(await cellsOf(lab, 'Table of results: Training', /^middle/)).toMatch(/ 20 10\ss$/)
  expect(await cellsOf(lab, 'Table of results: Evaluation', /^slow/)).not.toContain('%')

  // At rest each run tells its last value, and at a step what it had there.
  const curve = lab.getByRole('slider', { name: /^Cross-entropy/ })
  await expect(curve).toHaveAttribute('aria-valuemax', '60')
  await expect(curve).toHaveAttribute('aria-valuetext', /fast 0\.25.*middle 1\.25.*slow 2\.25/)
  await curve.focus()
  await lab.keyboard.press('Home')
  await expect(curve).toHaveAttribute('aria-valuetext', /step 1: .*fast 59\.25.*middle 20\.25.*slow 21\.25/i)
  await lab.keyboard.press('End')
  await expect(curve).toHaveAttribute('aria-valuetext', /step 60: .*fast 0\.25/i)

  await lab
    .getByRole('button', { name: /^Remove .* from the comparison$/ })
    .first()
    .click()
  await expect(settings.getByRole('rowheader'), 'without it, the steps are the same').toHaveText([/^Learning rate/])
  await lab.reload()
  await expect(settings.locator('tbody tr')).toHaveText([/0\.001\s*middle$/, /0\.0002\s*slow$/])
  await expect(results.getByRole('rowheader')).toHaveText(['middle', 'slow'])
  await expect(curve).toHaveAttribute('aria-valuemax', '20')
})

test('accuracy against diversity says why it has nothing to draw', async ({ lab }) => {
  await lab.goto(`${lab.url().split('#')[0]}#/compare`)
  await lab.getByRole('button', { name: 'Add runs' }).click()
  const chooser = lab.getByRole('dialog', { name: 'Runs to compare' })
  await chooser.getByRole('checkbox', { name: /slow/ }).check()
  await expect(lab.getByText('None of these runs has been evaluated yet.')).toBeVisible()
  await chooser.getByRole('checkbox', { name: /plain/ }).check()
  await expect(lab.getByText('The entropy of the weights is known only of runs whose method has one')).toBeVisible()
})

test('an address with runs that are not here, too many or twice is answered in words', async ({ lab }) => {
  await lab.goto(`${lab.url().split('#')[0]}#/compare?runs=${'nobody,'.repeat(400)}`)
  await expect(lab.getByRole('alert')).toContainText('There is no run "nobody".')
  await lab.goto(`${lab.url().split('#')[0]}#/runs/nobody`)
  await expect(lab.getByRole('alert')).toHaveText(/This run cannot be shown/)
  await expect(lab.getByRole('button', { name: 'Try again' })).toBeVisible()
  await expect(lab.getByText('There is no run "nobody".'), 'it is said once').toHaveCount(1)
  await expect(lab.getByRole('link', { name: 'All runs' })).toHaveCount(1)
})
