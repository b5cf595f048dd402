/** End-to-end tests: the built window, a real server, engine and store, in a Chromium that the machine has. */
import { defineConfig } from 'playwright/test'
import { findChromium } from '../scripts/checks/chromium.mjs'

const chromium = findChromium()

export default defineConfig({
  testDir: '.',
  outputDir: '../out/e2e',
  // Each test has a server and often an engine of its own: two cores carry one at a time.
  workers: 1,
  fullyParallel: false,
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
