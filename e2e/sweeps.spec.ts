/** A sweep over lambda is planned in the window from a run, carried out, and read. */
import { expect, test } from './lab.ts'
import { expectSure, toldIn } from './told-shares.ts'

test('a run’s lambda frontier is a few clicks away', async ({ lab }) => {
  test.setTimeout(300_000)
  await lab.getByRole('link', { name: 'Studies' }).click()
  await lab.getByRole('tab', { name: 'Vary settings' }).click()
  await expect(lab.getByLabel('Values')).toHaveValue('100, 300, 1000, 3000, 10000')
  await expect(lab.getByText(/^15 runs, about /)).toBeVisible()
  await lab.getByLabel('Values').fill('100, 1000')
  await lab.getByLabel('Training steps per run').fill('2')
  await lab.getByRole('textbox', { name: 'Repeat over seeds' }).fill('1..2')
  await lab.getByLabel('Number of images').fill('50')
  await lab.getByRole('button', { name: 'Add a setting' }).click()
  await lab.getByLabel('Values').last().fill('')
  await expect(lab.getByText('Write values with commas between')).toBeVisible()
  await lab.getByLabel('Values').last().fill('1,x')
  await expect(lab.getByText('"x" is not allowed: give a number')).toBeVisible()
  await expect(lab.getByRole('button', { name: 'Start', exact: true })).toBeDisabled()
  await lab
    .getByLabel('Values')
    .last()
    .fill(Array.from({ length: 1000 }, (_, at) => (at + 1) / 1000).join())
  await expect(lab.getByRole('alert')).toHaveText('That is 4,000 runs; 2,000 are the most there can be of one study.')
  await lab.getByRole('button', { name: 'Remove setting 2' }).click()
  // What is missing is said at its field, in plain words.
  const steps = lab.getByLabel('Training steps per run')
  const seeds = lab.getByRole('textbox', { name: 'Repeat over seeds' })
  await steps.fill('')
  await expect(steps).toHaveValue('')
  await expect(lab.getByText('Enter a whole number from 1 to 10,000,000.')).toBeVisible()
  await steps.fill('2')
  await seeds.fill('')
  await expect(lab.getByText('No seed is named: write seeds such as 1..5 or 1,4,9.')).toBeVisible()
  await seeds.fill('1..2')
  await lab.getByText('Drawn at random').click()
  await lab.getByLabel('Range').fill('1')
  await expect(lab.getByText('Write two numbers, such as 10..1e5:log.')).toBeVisible()
  await lab.getByText('Listed values').click()
  await lab.getByLabel('Values').fill('100, 1000')
  const asked = ['Evaluation', 'Ensemble', 'Diversity'].map((name) => lab.getByRole('switch', { name, exact: true }))
  for (const each of asked) await each.click()
  await expect(lab.getByRole('alert')).toHaveText('Choose at least one.')
  await expect(lab.getByRole('button', { name: 'Start', exact: true })).toBeDisabled()
  for (const each of asked) await each.click()
  await expect(lab.getByText(/^4 runs, about /)).toBeVisible()
  // What there is no time for here.
  await seeds.fill('1')
  for (const analysis of ['Ensemble', 'Diversity']) await lab.getByRole('switch', { name: analysis, exact: true }).click()
  await expect(lab.getByText(/^2 runs, about /)).toBeVisible()
  const varied = '--preset mnist-quick --data mnist --vary method.lambda=100,1000 --seeds 1 --steps 2 '
  for (const command of [`sweep run frontier ${varied}`, `sweep submit frontier --slurm ${varied}`])
    await expect(lab.getByText(command)).toBeVisible()
  await lab.getByRole('button', { name: 'Start', exact: true }).click()

  await expect(lab.getByRole('heading', { name: 'frontier' })).toBeVisible({ timeout: 60_000 })
  await expect(lab.getByText('2 of 2 runs have ended.')).toBeVisible({ timeout: 240_000 })
  const rows = lab.getByRole('grid', { name: 'Settings' }).getByRole('row')
  await expect(rows).toHaveCount(3)
  await expect(rows.nth(1)).toContainText('1 of 1')
  await expect(lab.getByText(/sweep run frontier --preset mnist-quick --data mnist --vary method.lambda=100,1000 --seeds 1 /)).toBeVisible()
  await expect(lab.getByText('chosen on these validation images')).toBeVisible()
  // A run that has ended is evaluated afterwards.
  await expect(lab.getByRole('img', { name: /Mean network against entropy/ })).toContainText('λ 1,000', { timeout: 120_000 })
  const parallel = lab.getByRole('img', { name: /Parallel coordinates/ })
  await expect(parallel).toBeVisible()
  await expect(parallel.locator('[stroke="#fefefe"]'), 'halos are of the colour of the page').toHaveCount(0)

  // Where columns are narrow their heads are cut, rather than laid over each other.
  await lab.setViewportSize({ width: 640, height: 720 })
  const wider = await rows
    .first()
    .getByRole('columnheader')
    .evaluateAll((heads) => heads.filter((head) => head.scrollWidth > head.clientWidth).map((head) => head.textContent))
  expect(wider).toEqual([])
  await lab.setViewportSize({ width: 1280, height: 720 })

  expectSure(await toldIn(lab), 'sweep')

  // From one of its runs: values around its own lambda.
  await rows.nth(1).click()
  await lab.getByRole('link', { name: 'Lambda frontier' }).click()
  await expect(lab.getByLabel('Values')).toHaveValue('10, 30, 100, 300, 1000')
  await expect(lab.getByLabel('Training steps per run')).toHaveValue('2')
})
