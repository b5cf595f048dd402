/** The whole app but for Electron itself: its entry, its preload script and the page's own link, on a real lab and real engine processes. */
import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import type { MessagePort } from 'node:worker_threads'
import { Worker } from 'node:worker_threads'
import type { WorkerOptions } from 'node:worker_threads'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { desktopChannels } from '../../shared/desktop-channels.ts'
import { createClient } from '../../shared/rpc/client.ts'
import type { ConnectedClient } from '../../shared/rpc/client.ts'
import type { Link } from '../../shared/rpc/link.ts'
import { createLab } from '../lab/lab.ts'
import { fakeEngine } from '../lab/testing/fake-engine.ts'
import { tinySettings, writeTinyIdx } from '../lab/testing/tiny-data.ts'
import { electronDouble, preloadElectron } from './testing/electron-double.ts'
import type { ElectronDouble } from './testing/electron-double.ts'
import { utilityFork } from './testing/utility-double.ts'

/** Time for what is waited for, on a machine that has other things to do. */
const soon = { timeout: 60_000 }

/** What the build would have put beside the entry. */
const sources: Record<string, string> = {
  'engine.js': new URL('../engine-host/entry.ts', import.meta.url).pathname,
  'farm.js': new URL('../engine-host/farm-entry.ts', import.meta.url).pathname,
  'import.js': new URL('../data-import/entry.ts', import.meta.url).pathname,
  'thread.js': new URL('../lab/worker-thread/entry.ts', import.meta.url).pathname,
}
class BuiltWorker extends Worker {
  constructor(module: string, options: WorkerOptions) {
    super(sources[basename(module)], options)
  }
}
// Not known to the compiler here: they belong to the window's side.
const preloadScript = '../../preload/preload.ts'
const pageLink = '../../renderer/transport/port-link.ts'

let folder: string
let signals: NodeJS.SignalsListener[]
const ends: (() => unknown)[] = []
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'desktop-'))
  vi.stubEnv('WEIGHTSCAPE_DATA', join(folder, 'data'))
  signals = process.listeners('SIGINT')
})
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
  vi.unstubAllEnvs()
  vi.unstubAllGlobals()
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    for (const listener of process.listeners(name)) if (!signals.includes(listener)) process.off(name, listener)
  }
  await rm(folder, { recursive: true, force: true })
})

/** Starts the app, with words on its command line. */
async function start(words: string[] = [], second = false): Promise<ElectronDouble> {
  const double = electronDouble({ userData: folder, second, fork: utilityFork((module) => sources[basename(module)]) })
  vi.resetModules()
  vi.doMock('electron', () => double.electron)
  vi.doMock('node:worker_threads', () => ({ Worker: BuiltWorker }))
  const argv = process.argv
  process.argv = [argv[0], 'app', ...words]
  await import('./main.ts')
  process.argv = argv
  await expect.poll(() => double.windows.length + double.asked.length + (double.ended.code === null ? 0 : 1), soon).toBeGreaterThan(0)
  ends.push(async () => {
    double.app.quit()
    await expect.poll(() => double.ended.code, soon).not.toBeNull()
  })
  return double
}

/** Runs the preload script of a window, and gives its page. */
async function load(window: ElectronDouble['windows'][number]) {
  const { page } = window.webContents
  vi.resetModules()
  vi.doMock('electron', () => preloadElectron(window))
  vi.stubGlobal('window', page)
  vi.stubGlobal('__APP_VERSION__', '9.9.9')
  await import(preloadScript)
  return { page, bridge: page.bridge! }
}

async function connect(window: ElectronDouble['windows'][number]): Promise<ConnectedClient> {
  const { page, bridge } = await load(window)
  const { portLink } = (await import(pageLink)) as { portLink: (bridge: object, window: object) => Link }
  const client = createClient(portLink(bridge, page))
  ends.push(() => client.close())
  return client
}

const settings = tinySettings.map((setting) => {
  const at = setting.indexOf('=')
  return { key: setting.slice(0, at), value: JSON.parse(setting.slice(at + 1)) as never }
})

async function importTiny(client: ConnectedClient): Promise<void> {
  await mkdir(join(folder, 'idx'), { recursive: true })
  const { id } = await client.call('imports.begin', {})
  await client.call('imports.addPaths', { id, paths: await writeTinyIdx(join(folder, 'idx')) })
  await client.call('imports.commit', { id, name: 'bars', options: {} })
}

describe('the app', () => {
  it('works from the page to the engine: data read, a network trained and tested, the report saved where the person says', async () => {
    const double = await start()
    const [window] = double.windows
    const client = await connect(window)
    expect(await client.call('system.info', {})).toMatchObject({ version: '9.9.9', dataDir: join(folder, 'data') })
    await importTiny(client)
    const run = await client.call('runs.create', { from: 'mnist-quick', data: 'bars', settings, start: true })
    await expect.poll(async () => (await client.call('runs.get', { id: run.id })).run.state, soon).toBe('finished')
    await expect.poll(() => double.awake.size, soon).toBe(0)
    await client.call('reports.start', { run: run.id, formats: ['html'] })
    await expect.poll(async () => (await client.call('artefacts.list', {})).length, soon).toBe(1)

    const [{ id, name }] = await client.call('artefacts.list', {})
    const { bridge } = await load(window)
    expect(await bridge.saveArtefact(id, name)).toEqual({ saved: false })
    double.answers.save = { canceled: false, filePath: join(folder, 'mine.html') }
    expect(await bridge.saveArtefact(id, name)).toEqual({ saved: true })
    expect(await readFile(join(folder, 'mine.html'), 'utf8')).toContain('<html')
    expect(double.asked.at(-1)?.options).toMatchObject({ defaultPath: join(folder, 'downloads', name) })
    double.answers.save = { canceled: false, filePath: join(folder, 'no', 'such', 'folder.html') }
    expect(await bridge.saveArtefact(id, name)).toMatchObject({ error: { code: 'disk' } })
    double.answers.save = { canceled: false, filePath: join(folder, 'data', 'weightscape.db') }
    expect(await bridge.saveArtefact(id, name)).toMatchObject({ error: { code: 'invalid-argument' } })
    expect(await bridge.saveArtefact('unknown', name)).toMatchObject({ error: { code: 'not-found' } })
    expect((await readdir(folder)).filter((each) => each.endsWith('.part'))).toEqual([])
  })

  it('asks before it ends what runs, and then pauses it with a checkpoint', async () => {
    const double = await start()
    const [window] = double.windows
    const client = await connect(window)
    await importTiny(client)
    const long = settings.map(({ key, value }) => ({ key, value: key === 'training.steps' ? (1_000_000 as never) : value }))
    const run = await client.call('runs.create', { from: 'mnist-quick', data: 'bars', settings: long, start: true })
    await expect.poll(async () => (await client.call('runs.get', { id: run.id })).run.step, soon).toBeGreaterThan(5)
    expect(double.awake.size).toBe(1)

    double.electron.powerMonitor.emit('suspend')
    double.electron.powerMonitor.emit('resume')
    const notes: string[] = []
    client.open('system.notes', {}, { item: (item) => notes.push(...item.notes.map(({ message }) => message)) })
    await expect.poll(() => notes.join(), soon).toContain('slept')

    expect(window.close()).toBe(false)
    await expect.poll(() => double.asked.map(({ kind }) => kind), soon).toEqual(['message'])
    expect(double.windows).toHaveLength(1)
    double.answers.message = 0
    expect(window.close()).toBe(false)
    await expect.poll(() => double.ended.code, soon).toBe(0)
    expect(double.windows).toEqual([])

    const lab = createLab({ dataDir: join(folder, 'data'), engine: fakeEngine() })
    const { state } = lab.runs.get(run.id)
    expect(state).toBe('paused')
    expect(lab.opening.interrupted).toEqual([])
    await lab.close()
  })

  it('says who has the data, and ends', async () => {
    const lab = createLab({ dataDir: join(folder, 'data'), engine: fakeEngine(), command: 'serve' })
    const double = await start()
    expect(double.asked).toMatchObject([{ kind: 'error', options: { content: expect.stringContaining('serve') as string } }])
    expect(double.ended.code).toBe(1)
    expect(double.windows).toEqual([])
    await lab.close()
  })

  it('starts once: a second instance hands over its files and ends', async () => {
    const refused = await start([], true)
    expect([refused.ended.code, refused.windows.length]).toEqual([0, 0])

    await writeFile(join(folder, 'a.csv'), '')
    const double = await start([join(folder, 'a.csv'), '--flag', join(folder, 'missing.csv')])
    const { bridge } = await load(double.windows[0])
    const opened: string[][] = []
    bridge.onOpenPaths((paths) => opened.push(paths))
    await expect.poll(() => opened, soon).toEqual([[join(folder, 'a.csv')]])
    double.windows[0].minimized = true
    double.app.emit('second-instance', {}, ['app', '--anything'], '/', { paths: ['/b.npz'] })
    double.app.emit('second-instance', {}, [], '/', { paths: 'no list' })
    const event = new double.PreventableEvent()
    double.app.emit('open-file', event, '/c.zip')
    await expect.poll(() => opened.flat(), soon).toEqual([join(folder, 'a.csv'), '/b.npz', '/c.zip'])
    expect(event.defaultPrevented).toBe(true)
    expect([double.windows.length, double.windows[0].minimized]).toEqual([1, false])
    expect(double.windows[0].focused).toBeGreaterThan(0)
  })

  it('ends in order at Ctrl+C, without asking', async () => {
    const double = await start()
    const listener = process.listeners('SIGINT').find((each) => !signals.includes(each))
    listener?.('SIGINT')
    await expect.poll(() => double.ended.code, soon).toBe(0)
    const again = await start()
    const prevented = new again.PreventableEvent()
    again.electron.powerMonitor.emit('shutdown', prevented)
    expect(prevented.defaultPrevented).toBe(true)
    await expect.poll(() => again.ended.code, soon).toBe(0)
  })
})

describe('a port', () => {
  it('is closed for what is no frame, and the window asks for another', async () => {
    const double = await start()
    const { page, bridge } = await load(double.windows[0])
    const port = new Promise<MessagePort>((resolve) => {
      page.addEventListener('message', (event) => resolve((event as unknown as { ports: MessagePort[] }).ports[0]), { once: true })
    })
    bridge.requestPort()
    const closed = new Promise((resolve) => void port.then((each) => each.addEventListener('close', resolve)))
    ;(await port).postMessage('no frame')
    await closed
    const client = await connect(double.windows[0])
    expect(await client.call('runs.list', {})).toEqual([])
    double.windows[0].webContents.emit('render-process-gone', {}, { reason: 'crashed' })
    client.close()
  })
})

describe('a window', () => {
  it('is as locked up as Electron can make it', async () => {
    const { windows, sessionHandlers, switches } = await start()
    const [window] = windows
    expect(window.webContents.page.frame.url).toBe('app://weightscape/index.html')
    expect(window.options['webPreferences']).toMatchObject({
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      webviewTag: false,
      spellcheck: false,
    })
    expect(switches).toContain('sandbox')
    expect(window.webContents.openHandler?.()).toEqual({ action: 'deny' })
    for (const name of ['will-navigate', 'will-frame-navigate', 'will-redirect', 'will-attach-webview']) {
      const event = { prevented: false, preventDefault: () => (event.prevented = true), url: 'https://evil.example/', isMainFrame: false }
      window.webContents.emit(name, event)
      expect([name, event.prevented]).toEqual([name, true])
    }
    const permitted = (permission: string) => {
      let answer: boolean | undefined
      ;(sessionHandlers['request'] as (c: null, p: string, a: (given: boolean) => void) => void)(
        null,
        permission,
        (given) => (answer = given),
      )
      return [answer, (sessionHandlers['check'] as (c: null, p: string) => boolean)(null, permission)]
    }
    for (const each of ['media', 'geolocation', 'notifications', 'clipboard-read', 'openExternal', 'usb'])
      expect(permitted(each)).toEqual([false, false])
    expect(permitted('clipboard-sanitized-write')).toEqual([true, true])
    expect((sessionHandlers['device'] as () => boolean)()).toBe(false)
    const requested = (url: string) => {
      let cancelled: boolean | undefined
      ;(sessionHandlers['before-request'] as (d: object, a: (verdict: { cancel: boolean }) => void) => void)(
        { url },
        ({ cancel }) => (cancelled = cancel),
      )
      return !cancelled
    }
    for (const url of ['https://example.org/', 'http://127.0.0.1/', 'file:///etc/passwd', 'app://elsewhere/x', 'ws://x'])
      expect([url, requested(url)]).toEqual([url, false])
    for (const url of ['app://weightscape/assets/a.js', 'blob:app://weightscape/1', 'data:image/png,x'])
      expect([url, requested(url)]).toEqual([url, true])
    const downloaded = (url: string) => {
      const event = { prevented: false, preventDefault: () => (event.prevented = true) }
      ;(sessionHandlers['will-download'] as (e: object, i: object) => void)(event, { getURL: () => url })
      return !event.prevented
    }
    expect([downloaded('https://example.org/a'), downloaded('blob:app://weightscape/1'), downloaded('blob:https://x/1')]).toEqual([
      false,
      true,
      false,
    ])
  })

  it('is not heard when another page speaks in its place, or when it says what it should not', async () => {
    const double = await start()
    const { webContents } = double.windows[0]
    let ports = 0
    const { page } = await load(double.windows[0])
    page.addEventListener('message', () => ports++)
    const own = page.frame
    const strangers = [
      null,
      { ...own, url: 'https://evil.example/' },
      { ...own, url: 'app://weightscape.evil/' },
      { ...own, parent: own },
      { ...own, url: 'app:weightscape' },
    ]
    for (const frame of strangers) {
      webContents.say('weightscape:request-port', [], frame)
      webContents.say('weightscape:progress', [0.5], frame)
      webContents.say('weightscape:notify', ['a', 'b'], frame)
      await expect(webContents.ask('weightscape:save-artefact', ['a', 'b'], frame)).rejects.toThrow('Refused')
    }
    webContents.say('weightscape:request-port', ['more'])
    for (const values of [[2], [Number.NaN], ['1'], [], [0.5, 1]]) webContents.say('weightscape:progress', values)
    for (const values of [['a'], [1, 2], ['a'.repeat(2000), '']]) webContents.say('weightscape:notify', values)
    expect(await webContents.ask('weightscape:save-artefact', [{}])).toMatchObject({ error: { code: 'invalid-argument' } })
    expect([ports, double.windows[0].progress, double.notices, double.asked]).toEqual([0, undefined, [], []])
  })

  it('shows progress, and notices that lead back to it', async () => {
    const double = await start()
    const [window] = double.windows
    const { bridge } = await load(window)
    bridge.progress(0.25)
    expect(window.progress).toBe(0.25)
    bridge.progress(null)
    expect(window.progress).toBe(-1)
    bridge.notify('Trained', 'run-1 is ready')
    expect(double.notices[0].options).toEqual({ title: 'Trained', body: 'run-1 is ready' })
    const before = window.focused
    double.notices[0].emit('click')
    expect(window.focused).toBe(before + 1)
    expect(bridge.pathOf({ path: '/x/y.csv' } as never)).toBe('/x/y.csv')
  })

  it('hears the menu, once its page listens', async () => {
    const double = await start()
    const items = double.menus[0].flatMap(({ submenu }) => submenu ?? [])
    const find = (label: string) => items.find((item) => item.label === label)!
    find('New experiment').click?.()
    const { bridge } = await load(double.windows[0])
    const commands: string[] = []
    const stop = bridge.onCommand((id) => commands.push(id))
    await expect.poll(() => commands, soon).toEqual(['experiment.new'])
    find('Data sets').click?.()
    await expect.poll(() => commands, soon).toEqual(['experiment.new', 'go.data'])
    stop()
    expect(find('New experiment').accelerator).toBe('CommandOrControl+E')
    find('New window').click?.()
    expect(double.windows).toHaveLength(2)
    expect(double.windows[0].close()).toBe(true)
    expect(double.ended.code).toBeNull()
  })

  it('is loaded again when its page crashes, but not for ever', async () => {
    const { windows } = await start()
    const { webContents } = windows[0]
    webContents.emit('render-process-gone', {}, { reason: 'clean-exit' })
    for (let i = 0; i < 5; i++) webContents.emit('render-process-gone', {}, { reason: 'oom' })
    expect(webContents.reloads).toBe(3)
  })

  it('gets what it was sent while its page came back', async () => {
    const { windows, app } = await start()
    const { webContents } = windows[0]
    webContents.say(desktopChannels.listening, [desktopChannels.openPaths])
    webContents.emit('render-process-gone', {}, { reason: 'crashed' })
    // The new page does not listen yet.
    app.emit('open-file', { preventDefault: () => undefined }, '/data/digits.csv')
    await new Promise((resolve) => setImmediate(resolve))
    const heard: unknown[] = []
    webContents.page.renderer.on(desktopChannels.openPaths, (_event, paths) => heard.push(paths))
    webContents.say(desktopChannels.listening, [desktopChannels.openPaths])
    await expect.poll(() => heard, soon).toEqual([['/data/digits.csv']])
  })

  it('has an icon', async () => {
    const { windows } = await start()
    const icon = await readFile(windows[0].options['icon'] as string)
    expect(icon.subarray(1, 4).toString()).toBe('PNG')
  })

  it('opens where the last one was', async () => {
    const first = await start()
    Object.assign(first.windows[0], { bounds: { x: 300, y: 200, width: 1000, height: 700 }, maximized: true })
    first.windows[0].close()
    await expect.poll(() => first.ended.code, soon).toBe(0)
    const second = await start()
    expect(second.windows[0].options).toMatchObject({ x: 300, y: 200, width: 1000, height: 700 })
    await expect.poll(() => second.windows[0].maximized, soon).toBe(true)
  })
})
