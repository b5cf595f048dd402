/** What `npm run dev` serves: a component that is changed changes in the open page. */
import { cp, readFile, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { serveWindow } from '../scripts/dev/serve-window.mjs'
import { expect, inFolder, test } from './lab.ts'

const root = fileURLToPath(new URL('..', import.meta.url))

test('a changed component is shown without a new page', async ({ page }) => {
  await inFolder(async (folder) => {
    for (const name of ['src', 'package.json', 'tsconfig.base.json']) {
      await cp(join(root, name), join(folder, name), { recursive: true })
    }
    await symlink(join(root, 'node_modules'), join(folder, 'node_modules'))
    const served = await serveWindow(folder, undefined, { cacheDir: join(folder, 'cache') })
    try {
      await page.goto(`${served.address}testing/`)
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
      await page.evaluate(() => (document.documentElement.dataset['page'] = 'the same'))
      const component = join(folder, 'src/renderer/views/start/Start.svelte')
      await writeFile(component, `${await readFile(component, 'utf8')}\n<p>Changed while it was open.</p>\n`)
      await expect(page.getByText('Changed while it was open.')).toBeVisible()
      await expect(page.locator('html')).toHaveAttribute('data-page', 'the same')
    } finally {
      await served.close()
    }
  })
})
