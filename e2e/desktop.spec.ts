/**
 * The app in its own window. It needs Electron's program and a screen; where either is missing each test
 * is shown as skipped, and `src/main/desktop/desktop.test.ts` has the same on a double.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { _electron, expect, test as base } from 'playwright/test'
import type { ElectronApplication, Page } from 'playwright/test'
import { electronProgram, hasDisplay } from '../scripts/start/electron.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const machine = { root, env: process.env, platform: process.platform }
const program = electronProgram(machine)
const missing =
  program === null
    ? 'Electron\u2019s program is not on this machine: `npm start` on a machine with a screen fetches it.'
    : hasDisplay(machine)
      ? null
      : 'There is no screen, or it is a superuser\u2019s: on Linux, run under xvfb-run as another user.'

interface Fixtures {
  folder: string
  app: ElectronApplication
  window: Page
}

const test = base.extend<Fixtures>({
  folder: async ({}, use) => {
    const folder = await mkdtemp(join(tmpdir(), 'weightscape-desktop-'))
    await use(folder)
    await rm(folder, { recursive: true, force: true, maxRetries: 3 })
  },
  app: async ({ folder }, use) => {
    const app = await _electron.launch({
      executablePath: program!,
      args: [root, `--user-data-dir=${join(folder, 'user')}`],
      env: { ...(process.env as Record<string, string>), WEIGHTSCAPE_DATA: join(folder, 'data') },
    })
    await use(app)
    await app.close()
  },
  window: async ({ app }, use) => use(await app.firstWindow()),
})

test.skip(missing !== null, missing ?? '')

test('opens at the start view, from its own address, and reaches the lab', async ({ app, window }) => {
  expect(window.url()).toMatch(/^app:\/\/weightscape\/index\.html/)
  await expect(window.getByRole('button', { name: /try it on mnist/i })).toBeVisible()
  expect(await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(1)
})

test('gives its page nothing of Node, and no way out', async ({ app, window }) => {
  await expect(window.getByRole('button', { name: /try it on mnist/i })).toBeVisible()
  const seen = await window.evaluate(() => ({
    require: typeof (globalThis as Record<string, unknown>)['require'],
    process: typeof (globalThis as Record<string, unknown>)['process'],
    bridge: Object.keys((globalThis as Record<string, unknown>)['weightscape'] as object).sort(),
  }))
  expect(seen).toEqual({
    require: 'undefined',
    process: 'undefined',
    bridge: ['notify', 'onCommand', 'onOpenPaths', 'pathOf', 'platform', 'progress', 'requestPort', 'saveArtefact', 'version', 'versions'],
  })
  const fetched = await window.evaluate(() =>
    fetch('https://example.org/').then(
      () => 'came',
      () => 'refused',
    ),
  )
  expect(fetched).toBe('refused')
  await window.evaluate(() => {
    globalThis.open('https://example.org/')
    location.href = 'https://example.org/'
  })
  await window.waitForTimeout(500)
  expect(window.url()).toMatch(/^app:\/\/weightscape\//)
  expect(app.windows()).toHaveLength(1)
})

test('acts on its menu, and finds the lab again after a reload', async ({ app, window }) => {
  await expect(window.getByRole('button', { name: /try it on mnist/i })).toBeVisible()
  const choose = (label: string) =>
    app.evaluate(({ Menu }, wanted) => {
      const items = Menu.getApplicationMenu()?.items.flatMap((item) => item.submenu?.items ?? []) ?? []
      items.find((item) => item.label === wanted)?.click()
    }, label)
  await choose('System')
  await expect(window.getByRole('heading', { name: 'System', level: 1 })).toBeVisible()
  await window.reload()
  await choose('Data sets')
  await expect(window.getByRole('heading', { name: 'Data sets', level: 1 })).toBeVisible()
})

test('reads files that are opened with it', async ({ app, window, folder }) => {
  await expect(window.getByRole('button', { name: /try it on mnist/i })).toBeVisible()
  const path = join(folder, 'two.csv')
  const rows = Array.from({ length: 60 }, (_, i) =>
    [i % 2, ...Array.from({ length: 16 }, (_, pixel) => (pixel * 7 + i * 13) % 256)].join(','),
  )
  await writeFile(
    path,
    [
      'label',
      ...rows[0]
        .split(',')
        .slice(1)
        .map((_, i) => `p${i}`),
    ].join(',') + `\n${rows.join('\n')}\n`,
  )
  await app.evaluate(({ app: own }, opened) => {
    own.emit('open-file', { preventDefault: () => undefined }, opened)
  }, path)
  await expect(window.getByText(/60 images/)).toBeVisible()
})

test('trains in processes of its own, and pauses what trains when it ends', async ({ app, window }) => {
  await window.getByRole('button', { name: /try it on mnist/i }).click()
  await expect
    .poll(() =>
      app.evaluate(({ app: own }) => own.getAppMetrics().filter(({ serviceName }) => serviceName?.startsWith('Weightscape')).length),
    )
    .toBeGreaterThan(0)
  const ended = new Promise((resolve) => app.process().once('exit', resolve))
  app.process().kill('SIGTERM')
  expect(await ended).toBe(0)
})
