/** 5,000 metrics a second through store and API to a window: none is lost, and nothing grows. */
import { fileURLToPath } from 'node:url'
import { setTimeout as wait } from 'node:timers/promises'
import type { Browser, CDPSession } from 'playwright'
import type { ConnectedClient } from '../../src/shared/rpc/client.ts'
import { seedTinyRun } from '../../e2e/tiny-run.ts'
import { sinceMeasured } from './busy-window.ts'
import { enter, growth, labBytes, startLab } from './lab.ts'
import { measured } from './measured.ts'
import type { Measured } from './measured.ts'
import { curves, stepsASecond } from './scripted-engine.ts'
import { ask, newWindow } from './window.ts'

const program = fileURLToPath(new URL('./scripted-lab.ts', import.meta.url))

/** Which points have come: a mark a step, by curve. */
class Received {
  readonly #marks: ReadonlyMap<string, Uint8Array>
  /** Times that points were passed over. */
  gaps = 0

  constructor(steps: number) {
    this.#marks = new Map(curves.map((name) => [name, new Uint8Array(steps + 1)]))
  }

  take(name: string, steps: ArrayLike<number>): void {
    const marks = this.#marks.get(name)
    for (let i = 0; i < steps.length; i++) if (marks !== undefined) marks[steps[i]] = 1
  }

  /** Of all steps from 1 on. */
  get missing(): number {
    return [...this.#marks.values()].reduce((sum, marks) => sum + marks.subarray(1).reduce((missing, mark) => missing + 1 - mark, 0), 0)
  }
}

export async function measureMetricStream(
  browser: Browser,
  dataDir: string,
  seconds: number,
  say: (line: string) => void,
): Promise<{ measured: Measured[]; details: Record<string, unknown> }> {
  const steps = seconds * stepsASecond
  const run = await seedTinyRun(dataDir, { name: 'talkative', steps })
  const server = await startLab(dataDir, program)
  const client = await enter(server)
  try {
    const { context, page } = await newWindow(browser)
    await page.goto(server.url)
    await page.evaluate(`location.hash = '#/runs/${run}'`)
    await page.getByRole('heading', { name: 'talkative', level: 1 }).waitFor()
    const devtools = await context.newCDPSession(page)
    await devtools.send('Performance.enable')

    const live = new Received(steps)
    client.open(
      'metrics.watch',
      { run, from: 0 },
      {
        item: ({ series, gap }) => {
          if (gap) live.gaps++
          for (const { name, steps: at } of series) live.take(name, at)
        },
      },
    )
    say(`${curves.length * stepsASecond} points a second for ${seconds} seconds`)
    await client.call('runs.start', { id: run })
    await ask(page, `stopwatch.follow('Cross-entropy')`)
    const pageBytes = await followPage(client, run, devtools)
    const inLab = labBytes(server)
    const stored = new Received(steps)
    for (const { name, steps: at } of await client.call('metrics.read', { run, names: [...curves] })) stored.take(name, at)
    const shown = await ask<{ step: number; at: number }[]>(page, 'stopwatch.steps')
    const delays = sinceMeasured(dataDir, run, shown.slice(1))
    await context.close()
    return {
      measured: [
        measured(`${curves.length * stepsASecond} a second: lost in the store`, 'points', 0, [stored.missing]),
        measured(`${curves.length * stepsASecond} a second: missed by a listener`, 'points', 0, [live.missing]),
        measured(`${curves.length * stepsASecond} a second: metric to pixel`, 'ms', 500, delays),
        measured('growth of the lab', 'MB', 8, [growth(inLab)]),
        measured('growth of the page', 'MB', 8, [growth(pageBytes)]),
      ],
      details: {
        seconds,
        points: steps * curves.length,
        gaps: live.gaps,
        shownSteps: shown.length,
        lastShown: shown.at(-1)?.step,
        labBytes: inLab,
        pageBytes,
      },
    }
  } finally {
    client.close()
    await server.stop()
  }
}

/** Looks every two seconds, until the run has ended, what the page's objects take once those are gone that nobody needs. @returns bytes */
async function followPage(client: ConnectedClient, run: string, devtools: CDPSession): Promise<number[]> {
  const found: number[] = []
  while ((await client.call('runs.get', { id: run })).run.state !== 'finished') {
    await wait(2000)
    await devtools.send('HeapProfiler.collectGarbage')
    const { metrics } = await devtools.send('Performance.getMetrics')
    found.push(metrics.find(({ name }) => name === 'JSHeapUsedSize')?.value ?? Number.NaN)
  }
  return found
}
