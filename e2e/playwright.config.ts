/** End-to-end tests: the built window, a real server, engine and store, in a Chromium that the machine has. */
import { defineConfig } from 'playwright/test'
import { findChromium } from '../scripts/checks/chromium.mjs'

const chromium = findChromium()

/** Where next to nothing is trained: one of these beside one that trains is what two cores carry. */
const looking = ['compare', 'desktop', 'fits', 'imports', 'notes', 'presses', 'repair', 'start', 'toy', 'trash', 'views'].map(
  (name) => `${name}.spec.ts`,
)

export default defineConfig({
  testDir: '.',
  outputDir: '../out/e2e',
  workers: 2,
  fullyParallel: false,
  projects: [
    { name: 'training', testIgnore: looking, workers: 1 },
    { name: 'looking', testMatch: looking, workers: 1 },
  ],
  timeout: 180_000,
  expect: { timeout: 30_000 },
  retries: 0,
  forbidOnly: true,
  reporter: [['list']],
  use: {
    viewport: { width: 1280, height: 720 },
    trace: 'retain-on-failure',
    screenshot: 'only-on-failure',
    // Streams stay open: pages are ready when what they show is there.
    actionTimeout: 30_000,
    launchOptions: {
      ...(chromium === null ? {} : { executablePath: chromium }),
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
})
