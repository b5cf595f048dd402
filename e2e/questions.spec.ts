/** Makes the pictures of the page of questions anew: PICTURES=1 npx playwright test --config e2e/playwright.config.ts questions */
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

test.skip(process.env['PICTURES'] === undefined, 'pictures are made when they are asked for')
test.setTimeout(1_200_000)

test('a picture of each question', async ({ lab }) => {
  await mkdir(folder, { recursive: true })
  await lab.setViewportSize({ width: 1000, height: 1400 })
  for (const code of Object.keys(doubtCodes) as DoubtCode[])
    await inFolder(async (files) => {
      await place(join(files, 'set'), await doubtCases[code]())
      const asked = panel(lab, 'Please say')
      // What is dropped while the view before goes away is not heard.
      await expect(async () => {
        await drop(lab, [join(files, 'set')])
        await expect(asked).toBeVisible({ timeout: 60_000 })
      }).toPass()
      const picture = await sharp(await asked.screenshot())
        .png({ palette: true, colours: 64 })
        .toBuffer()
      expect(picture.length).toBeLessThan(most)
      await writeFile(join(folder, `${code}.png`), picture)
      await lab.getByRole('button', { name: 'Cancel' }).click()
      await expect(lab.getByText('Drop files or folders anywhere')).toBeVisible()
    })
})
