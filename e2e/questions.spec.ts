/** Makes the pictures of the page of questions anew, of all questions or of those named: PICTURES=all|CODE,CODE npx playwright test --config e2e/playwright.config.ts questions */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import sharp from 'sharp'
import { doubtCases } from '../src/main/data/testing/doubt-cases.ts'
import { place } from '../src/main/data/testing/imports.ts'
import { doubtCodes, type DoubtCode } from '../src/shared/import-options.ts'
import { drop } from './drop.ts'
import { expect, inFolder, test } from './lab.ts'
import { panel } from './run-page.ts'

const folder = join(import.meta.dirname, '../docs/pictures/questions')
/** Bytes of a picture. */
const most = 60_000

const asked = process.env['PICTURES']?.split(',') ?? []
test.skip(asked.length === 0, 'pictures are made when they are asked for')
test.setTimeout(1_200_000)

test('a picture of each question', async ({ lab }) => {
  await mkdir(folder, { recursive: true })
  await lab.setViewportSize({ width: 1000, height: 1400 })
  const codes = (Object.keys(doubtCodes) as DoubtCode[]).filter((code) => asked.includes('all') || asked.includes(code))
  for (const code of codes)
    await inFolder(async (files) => {
      await place(join(files, 'set'), await doubtCases[code]())
      const question = panel(lab, 'Please answer')
      // What is dropped while the view before goes away is not heard.
      await expect(async () => {
        await drop(lab, [join(files, 'set')])
        await expect(question).toBeVisible({ timeout: 60_000 })
      }).toPass()
      const picture = await sharp(await question.screenshot())
        .png({ palette: true, colours: 64 })
        .toBuffer()
      expect(picture.length).toBeLessThan(most)
      await writeFile(join(folder, `${code}.png`), picture)
      await lab.getByRole('button', { name: 'Cancel' }).click()
      await expect(lab.getByText('Drop files or folders anywhere')).toBeVisible()
    })
})
