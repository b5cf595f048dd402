/** The window against its budgets: while a run trains, and while metrics rain. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { summarize } from '../measure/statistics.ts'
import { formatMs, formatTable } from '../report/table.ts'
import { measureBusyWindow } from '../ui/busy-window.ts'
import { isWithin } from '../ui/measured.ts'
import type { Measured } from '../ui/measured.ts'
import { measureMetricStream } from '../ui/metric-stream.ts'
import { launch } from '../ui/window.ts'
import type { Bench } from './context.ts'

const defaultRepeats = 8

export const uiBench: Bench = async ({ options, say }) => {
  const folder = mkdtempSync(join(tmpdir(), 'weightscape-bench-ui-'))
  const browser = await launch()
  try {
    const busy = await measureBusyWindow(browser, join(folder, 'busy'), options.rounds ?? defaultRepeats, say)
    const stream = await measureMetricStream(browser, join(folder, 'stream'), options.seconds, say)
    const all = [...busy.measured, ...stream.measured]
    return {
      ours: summarize(busy.measured.map(({ p95 }) => p95)),
      rivals: {},
      failed: {},
      ratio: null,
      details: { measured: all, busy: busy.details, stream: stream.details },
      versions: { chromium: browser.version() },
      text: formatTable(['', 'at most', 'median', '95 %', 'of', ''], all.map(row)),
    }
  } finally {
    await browser.close()
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 })
  }
}

function row(one: Measured): string[] {
  const figure = (value: number): string => `${one.unit === 'points' ? value : formatMs(value)} ${one.unit}`
  return [one.what, figure(one.budget), figure(one.median), figure(one.p95), String(one.count), isWithin(one) ? 'kept' : 'OVER']
}
