/** How the window answers while a run trains on every core, in a data folder that years of use have filled. */
import type { Browser, Page } from 'playwright'
import type { ConnectedClient } from '../../src/shared/rpc/client.ts'
import { openStore } from '../../src/main/store/open-store.ts'
import { seedPlenty, seedSweep } from '../../e2e/seed.ts'
import type { Server } from '../../e2e/server.ts'
import { enter, startLab } from './lab.ts'
import { measured } from './measured.ts'
import type { Measured } from './measured.ts'
import { answer, ask, holds, newWindow, within } from './window.ts'

const plenty = { runs: 10_000, points: 1_000_000, mapped: 100_000 }
const long = 'the long one'
const training = 'in training'
const sweep = { name: 'wide', lambdas: 200, seeds: 5 }
/** Longer than anything here takes. */
const steps = 100_000
/** Redraws of the map, and steps that are waited for. */
const [redraws, waitedSteps] = [60, 40]

export interface BusyWindow {
  measured: Measured[]
  details: Record<string, unknown>
}

/** @param repeats how often each thing is done */
export async function measureBusyWindow(
  browser: Browser,
  dataDir: string,
  repeats: number,
  say: (line: string) => void,
): Promise<BusyWindow> {
  say(`seeding ${plenty.runs} runs, a curve of ${plenty.points} points and a map of ${plenty.mapped} networks`)
  // First, so that its runs are not those that the start view has room for.
  const swept = await seedSweep(dataDir, sweep.name, sweep.lambdas, sweep.seeds)
  const run = await seedPlenty(dataDir, plenty)
  const server = await startLab(dataDir)
  const client = await enter(server)
  try {
    say('starting a run that trains meanwhile')
    const trained = await train(client)
    const painted: number[] = []
    for (let i = 0; i < repeats; i++) painted.push(await firstPaint(browser, server))
    const { context, page } = await newWindow(browser)
    await page.goto(server.url)
    await ask(page, `stopwatch.moment(() => ${startShown})`)
    say('clicks and keys')
    const clicks = await clicksAndKeys(page, repeats)
    say('list of runs')
    const list = await runList(page, repeats)
    say('sweep')
    const rows = await sweepPage(page, repeats)
    say('curve')
    const curve = await longCurve(page, repeats)
    say('map')
    const map = await panMap(browser, page, run)
    say('metrics as they come')
    const delays = await metricToPixel(page, dataDir, trained)
    await context.close()
    return {
      measured: [
        measured('first useful paint', 'ms', 1000, painted),
        measured('answer to a click or key', 'ms', 100, clicks),
        measured('10,000 runs: open', 'ms', 200, list.open),
        measured('10,000 runs: filter', 'ms', 200, list.filter),
        measured(`sweep of ${swept} runs: open`, 'ms', 200, rows.open),
        measured(`sweep of ${swept} runs: filter`, 'ms', 200, rows.filter),
        measured(`sweep of ${swept} runs: sort`, 'ms', 200, rows.sort),
        measured('1,000,000 points: open', 'ms', 150, curve.open),
        measured('1,000,000 points: zoom', 'ms', 150, curve.zoom),
        measured('100,000 networks: CPU a redraw', 'ms', 50, [map.cpu]),
        measured('metric to pixel', 'ms', 500, delays),
      ],
      details: { ...plenty, redraws, map },
    }
  } finally {
    client.close()
    await server.stop()
  }
}

/** A run of the usual size that goes on until the lab ends. @returns its id, once it has taken a step */
async function train(client: ConnectedClient): Promise<string> {
  const began = Promise.withResolvers<undefined>()
  const settings = [{ key: 'training.steps', value: steps }]
  const { id } = await client.call('runs.create', { from: 'mnist-quick', data: 'mnist', name: training, settings, start: true })
  const watching = client.open('metrics.watch', { run: id, from: 0 }, { item: () => began.resolve(undefined) })
  await within(began.promise, 'the first step of training')
  watching.close()
  return id
}

/** How many rows of a table there are under its filter. */
const counted = `document.querySelector('main .data-table [role=status]')?.textContent`
const startShown = `document.querySelectorAll('main li a[href^="#/runs/"]').length > 4`

/** From asking for the address to the start view with its runs on the screen, in a browser that knows nothing yet. */
async function firstPaint(browser: Browser, server: Server): Promise<number> {
  const { context, page } = await newWindow(browser)
  const began = Date.now()
  await page.goto(server.url, { waitUntil: 'commit' })
  const shown = await within(ask<number>(page, `stopwatch.moment(() => ${startShown})`), 'its start view')
  await context.close()
  return shown - began
}

/** Through the views by mouse, and the palette by keys. */
async function clicksAndKeys(page: Page, repeats: number): Promise<number[]> {
  const taken: number[] = []
  const paletteOpen = `document.querySelector('.palette input') === document.activeElement`
  for (let i = 0; i < repeats; i++) {
    for (const [link, title] of [
      ['Data sets', 'Data sets'],
      ['Settings', 'Settings'],
      ['Compare', 'Compare'],
      ['System', 'System'],
      ['New experiment', 'New experiment'],
      ['Start', 'Start'],
    ]) {
      taken.push(await visit(page, link, holds('main h1', title)))
    }
    taken.push(await answer(page, 'keydown', paletteOpen, () => page.keyboard.press('Control+k')))
    for (const [typed, found] of [
      ['r', 'Runs'],
      ['u', 'Runs'],
      ['n', 'Runs'],
    ]) {
      const shown = `document.querySelector('.palette input')?.value.endsWith(${JSON.stringify(typed)}) && ${holds('#found', found)}`
      taken.push(await answer(page, 'keydown', shown, () => page.keyboard.press(typed)))
    }
    taken.push(await answer(page, 'keydown', `!(${paletteOpen})`, () => page.keyboard.press('Escape')))
  }
  return taken
}

/** Follows a link of the rail. */
function visit(page: Page, link: string, isShown: string): Promise<number> {
  return answer(page, 'click', isShown, () => page.getByRole('navigation').getByRole('link', { name: link, exact: true }).click())
}

async function runList(page: Page, repeats: number): Promise<{ open: number[]; filter: number[] }> {
  const open: number[] = []
  const filter: number[] = []
  for (let i = 0; i < repeats; i++) {
    await visit(page, 'Settings', holds('main h1', 'Settings'))
    open.push(await visit(page, 'Runs', `document.querySelectorAll('main tbody tr[aria-rowindex]').length > 10`))
    await page.getByRole('searchbox').focus()
    for (const digit of String(1000 + ((i * 1234) % 8000))) {
      const before = await ask<string>(page, counted)
      filter.push(await answer(page, 'keydown', `${counted} !== ${JSON.stringify(before)}`, () => page.keyboard.press(digit)))
    }
  }
  return { open, filter }
}

/** Its table of settings, under which the frontier and the other pictures are drawn. */
async function sweepPage(page: Page, repeats: number): Promise<Record<'open' | 'filter' | 'sort', number[]>> {
  const taken: Record<'open' | 'filter' | 'sort', number[]> = { open: [], filter: [], sort: [] }
  const first = `document.querySelector('main [role=grid] tbody tr[aria-rowindex]')?.textContent`
  const changed = async (of: string): Promise<string> => `${of} !== undefined && ${of} !== ${JSON.stringify(await ask<string>(page, of))}`
  for (let i = 0; i < repeats; i++) {
    await visit(page, 'Studies', holds('main h1', 'Studies'))
    const link = page.getByRole('main').getByRole('link', { name: sweep.name, exact: true })
    const drawn = `${first} !== undefined && document.querySelector('main .figure svg') !== null`
    taken.open.push(await answer(page, 'click', drawn, () => link.click()))
    await page.getByRole('searchbox').focus()
    for (const digit of String(10 + ((i * 17) % 89))) {
      taken.filter.push(await answer(page, 'keydown', await changed(counted), () => page.keyboard.press(digit)))
    }
    await page.keyboard.press('Escape')
    const head = page.getByRole('button', { name: 'Mean network', exact: true })
    taken.sort.push(await answer(page, 'click', await changed(first), () => head.click()))
  }
  return taken
}

async function longCurve(page: Page, repeats: number): Promise<{ open: number[]; zoom: number[] }> {
  const open: number[] = []
  const zoom: number[] = []
  const chart = '[role=slider][aria-label^="Cross-entropy"]'
  const whole = `document.querySelector('${chart}')?.getAttribute('aria-valuemax') === '${plenty.points - 1}'`
  for (let i = 0; i < repeats; i++) {
    await visit(page, 'Start', startShown)
    const link = page.getByRole('main').getByRole('link', { name: long })
    open.push(await answer(page, 'click', `${whole} && stopwatch.isDrawn('Cross-entropy')`, () => link.click()))
    await page.locator(chart).scrollIntoViewIfNeeded()
    const box = (await page.locator(chart).boundingBox())!
    const from = box.x + box.width * (0.3 + 0.3 * ((i * 0.618) % 1))
    const finer = `document.querySelector('${chart}')?.getAttribute('aria-valuemin') !== '0'`
    zoom.push(
      await answer(page, 'pointerup', finer, async () => {
        await page.mouse.move(from, box.y + box.height / 2)
        await page.mouse.down()
        await page.mouse.move(from + 0.2 * box.width, box.y + box.height / 2, { steps: 4 })
        await page.mouse.up()
      }),
    )
  }
  return { open, zoom }
}

interface MapPanned {
  /** Of the page and of what draws for it, milliseconds a redraw. */
  cpu: number
  /** Of the page's main thread alone. */
  mainThread: number
  medianFrame: number
}

/** Moves the map about, and counts what the browser's processes compute meanwhile. */
async function panMap(browser: Browser, page: Page, run: string): Promise<MapPanned> {
  await page.evaluate(`location.hash = ${JSON.stringify(`#/runs/${encodeURIComponent(run)}/analyses/map`)}`)
  await page.getByRole('application', { name: /100,000 networks/ }).waitFor()
  const whole = await browser.newBrowserCDPSession()
  const own = await page.context().newCDPSession(page)
  await own.send('Performance.enable')
  // What the map needs once (its index, its colours) is not a redraw.
  await ask(page, 'stopwatch.pan(5)')
  const processes = async (): Promise<number> =>
    (await whole.send('SystemInfo.getProcessInfo')).processInfo.reduce((sum, { cpuTime }) => sum + cpuTime, 0)
  const mainThread = async (): Promise<number> =>
    (await own.send('Performance.getMetrics')).metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN
  const before = { all: await processes(), main: await mainThread() }
  const frames = await ask<number[]>(page, `stopwatch.pan(${redraws})`)
  const after = { all: await processes(), main: await mainThread() }
  await whole.detach()
  await own.detach()
  const each = (seconds: number): number => (1000 * seconds) / (redraws + 1)
  return {
    cpu: each(after.all - before.all),
    mainThread: each(after.main - before.main),
    medianFrame: measured('frames', 'ms', 50, frames).median,
  }
}

/** From when the engine measured a step to when its point is on the screen. */
async function metricToPixel(page: Page, dataDir: string, run: string): Promise<number[]> {
  await page.evaluate(`location.hash = ${JSON.stringify(`#/runs/${encodeURIComponent(run)}`)}`)
  await page.getByRole('heading', { name: training, level: 1 }).waitFor()
  await ask(page, `stopwatch.moment(() => stopwatch.isDrawn('Cross-entropy'))`)
  await ask(page, `stopwatch.follow('Cross-entropy')`)
  await ask(page, `stopwatch.moment(() => stopwatch.steps.length > ${waitedSteps})`)
  // The first was there before anybody looked.
  const shown = (await ask<{ step: number; at: number }[]>(page, 'stopwatch.steps')).slice(1, waitedSteps + 1)
  return sinceMeasured(dataDir, run, shown)
}

/** @returns milliseconds from each step's measurement, as the store has it, to the moment that is told */
export function sinceMeasured(dataDir: string, run: string, shown: readonly { step: number; at: number }[]): number[] {
  const store = openStore(dataDir, { readOnly: true })
  try {
    return shown.flatMap(({ step, at }) => {
      const [sample] = store.metrics.read(run, 'crossEntropy', { from: step, to: step })
      return sample === undefined ? [] : [at - sample.at]
    })
  } finally {
    store.close()
  }
}
