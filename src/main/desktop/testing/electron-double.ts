/**
 * Electron for tests: what its documentation says of the parts that the app uses, on Node alone. One
 * double is one process of the app; `page` is the window's own side, which the real preload script serves.
 */
import type { Rectangle, utilityProcess } from 'electron'
import { EventEmitter } from 'node:events'
import { join } from 'node:path'
import { MessageChannel } from 'node:worker_threads'
import type { MessagePort } from 'node:worker_threads'
import type { Bridge } from '../../../shared/bridge.ts'

/** As much of a menu item as is looked at. */
export interface MenuItem {
  label?: string
  accelerator?: string
  click?: () => void
  submenu?: MenuItem[]
}

export interface DoubleOptions {
  userData: string
  /** Another instance runs already. */
  second?: boolean
  fork: typeof utilityProcess.fork
}

/** An event that can be kept from its usual course. */
class PreventableEvent {
  defaultPrevented = false
  preventDefault(): void {
    this.defaultPrevented = true
  }
}

/** The main process's end of a channel: messages wait for `start`. */
class PortMain extends EventEmitter {
  readonly raw: MessagePort
  #ended = false

  constructor(raw: MessagePort) {
    super()
    this.raw = raw
    // Only an end that the other side made is told.
    raw.on('close', () => {
      if (!this.#ended) this.emit('close')
    })
  }

  start(): void {
    this.raw.on('message', (data: unknown) => this.emit('message', { data, ports: [] }))
  }

  postMessage(message: unknown): void {
    this.raw.postMessage(message)
  }

  close(): void {
    this.#ended = true
    this.raw.close()
  }
}

export interface PageFrame {
  url: string
  parent: PageFrame | null
  postMessage(channel: string, message: unknown, ports: unknown[]): void
}

/** The window's own side: what the preload script and the page see. */
export class Page extends EventTarget {
  /** What the preload script has put into the page. */
  bridge: Bridge | undefined
  readonly renderer = new EventEmitter()
  readonly frame: PageFrame

  constructor() {
    super()
    this.frame = {
      url: 'about:blank',
      parent: null,
      postMessage: (channel, message, ports) => {
        const raw = (ports as PortMain[]).map((port) => port.raw)
        queueMicrotask(() => this.renderer.emit(channel, { ports: raw }, message))
      },
    }
  }

  /** `window.postMessage`, to itself. */
  postMessage(data: unknown, _origin: string, ports: unknown[]): void {
    const event = Object.assign(new Event('message'), { data, ports, source: this })
    queueMicrotask(() => this.dispatchEvent(event))
  }
}

export function electronDouble({ userData, second = false, fork }: DoubleOptions) {
  const windows: BrowserWindow[] = []
  /** How the process ended; null: it runs. */
  const ended: { code: number | null } = { code: null }
  const ipcHandlers = new Map<string, (event: object, ...values: unknown[]) => Promise<unknown>>()
  const ipcMain = Object.assign(new EventEmitter(), {
    handle: (channel: string, handler: (event: object, ...values: unknown[]) => Promise<unknown>) => void ipcHandlers.set(channel, handler),
  })
  const asked: { kind: string; options: object }[] = []
  /** What the person answers to dialogs. */
  const answers = { save: { canceled: true, filePath: '' }, message: 1 }
  const notices: Notification[] = []
  const menus: MenuItem[][] = []
  const sessionHandlers: Record<string, unknown> = {}
  const awake = new Set<number>()
  const switches: string[] = []

  class WebContents extends EventEmitter {
    readonly page = new Page()
    openHandler: (() => { action: string }) | undefined
    destroyed = false
    reloads = 0

    send(channel: string, ...values: unknown[]): void {
      const copies = structuredClone(values)
      queueMicrotask(() => this.page.renderer.emit(channel, {}, ...copies))
    }

    reload(): void {
      this.reloads++
    }

    isDestroyed(): boolean {
      return this.destroyed
    }

    setWindowOpenHandler(handler: () => { action: string }): void {
      this.openHandler = handler
    }

    /** A message of this window's preload script, or of whatever frame is given. */
    say(channel: string, values: unknown[], frame: PageFrame | null = this.page.frame): void {
      ipcMain.emit(channel, { sender: this, senderFrame: frame }, ...structuredClone<unknown[]>(values))
    }

    async ask(channel: string, values: unknown[], frame: PageFrame | null = this.page.frame): Promise<unknown> {
      return structuredClone(await ipcHandlers.get(channel)?.({ sender: this, senderFrame: frame }, ...structuredClone<unknown[]>(values)))
    }
  }

  class BrowserWindow extends EventEmitter {
    static fromWebContents = (contents: WebContents): BrowserWindow | null => windows.find((each) => each.webContents === contents) ?? null
    readonly webContents = new WebContents()
    readonly options: Record<string, unknown>
    shown = false
    focused = 0
    progress: number | undefined
    maximized = false
    minimized = false
    bounds: Rectangle

    constructor(options: Record<string, unknown>) {
      super()
      this.options = options
      this.bounds = { x: 10, y: 10, width: 1280, height: 800, ...(options as Partial<Rectangle>) }
      windows.push(this)
      app.emit('web-contents-created', {}, this.webContents)
    }

    loadURL(url: string): Promise<void> {
      this.webContents.page.frame.url = url
      queueMicrotask(() => this.emit('ready-to-show'))
      return Promise.resolve()
    }

    show(): void {
      this.shown = true
    }

    focus(): void {
      this.focused++
      this.emit('focus')
    }

    restore(): void {
      this.minimized = false
    }

    maximize(): void {
      this.maximized = true
    }

    isMinimized(): boolean {
      return this.minimized
    }

    isMaximized(): boolean {
      return this.maximized
    }

    isDestroyed(): boolean {
      return this.webContents.destroyed
    }

    getNormalBounds(): Rectangle {
      const { x, y, width, height } = this.bounds
      return { x, y, width, height }
    }

    setProgressBar(progress: number): void {
      this.progress = progress
    }

    /** As a person does: may be prevented. @returns whether it closed */
    close(): boolean {
      const event = new PreventableEvent()
      this.emit('close', event)
      if (event.defaultPrevented) return false
      this.destroy()
      return true
    }

    /** Without asking: no `close`, but `closed`. */
    destroy(): void {
      windows.splice(windows.indexOf(this), 1)
      this.webContents.destroyed = true
      this.webContents.emit('destroyed')
      this.emit('closed')
      if (windows.length === 0) app.emit('window-all-closed')
    }
  }

  class Notification extends EventEmitter {
    readonly options: { title: string; body: string }
    static isSupported = (): boolean => true

    constructor(options: { title: string; body: string }) {
      super()
      this.options = options
    }

    show(): void {
      notices.push(this)
    }
  }

  class MessageChannelMain {
    readonly port1: PortMain
    readonly port2: PortMain

    constructor() {
      const { port1, port2 } = new MessageChannel()
      this.port1 = new PortMain(port1)
      this.port2 = new PortMain(port2)
    }
  }

  const app = Object.assign(new EventEmitter(), {
    isPackaged: false,
    commandLine: { appendSwitch: (name: string) => void switches.push(name) },
    name: 'Weightscape',
    setName: () => undefined,
    setAppUserModelId: () => undefined,
    enableSandbox: () => void switches.push('sandbox'),
    getVersion: () => '9.9.9',
    /** Where the app's package.json is. */
    getAppPath: () => join(import.meta.dirname, '..', '..', '..', '..'),
    getPath: (name: string) => (name === 'userData' ? userData : join(userData, name)),
    requestSingleInstanceLock: () => !second,
    whenReady: () => Promise.resolve(),
    /** `before-quit` first, then every window, then the end; each can prevent it. */
    quit: () => {
      const event = new PreventableEvent()
      app.emit('before-quit', event)
      if (event.defaultPrevented || ended.code !== null) return
      for (const window of [...windows]) if (!window.close()) return
      ended.code = 0
    },
    exit: (code = 0) => {
      ended.code ??= code
    },
  })

  const electron = {
    app,
    BrowserWindow,
    ipcMain,
    MessageChannelMain,
    Notification,
    Menu: { buildFromTemplate: (template: MenuItem[]) => template, setApplicationMenu: (menu: MenuItem[]) => void menus.push(menu) },
    dialog: {
      showErrorBox: (title: string, content: string) => void asked.push({ kind: 'error', options: { title, content } }),
      showMessageBox: (_window: unknown, options: object) => {
        asked.push({ kind: 'message', options })
        return Promise.resolve({ response: answers.message })
      },
      showSaveDialog: (_window: unknown, options: object) => {
        asked.push({ kind: 'save', options })
        return Promise.resolve(answers.save)
      },
    },
    powerMonitor: new EventEmitter(),
    powerSaveBlocker: {
      start: () => {
        awake.add(awake.size + 1)
        return awake.size
      },
      stop: (id: number) => awake.delete(id),
    },
    protocol: {
      registerSchemesAsPrivileged: () => undefined,
      handle: (scheme: string, handler: unknown) => void (sessionHandlers[scheme] = handler),
    },
    screen: { getAllDisplays: () => [{ workArea: { x: 0, y: 0, width: 1920, height: 1080 } }] },
    session: {
      defaultSession: {
        setPermissionRequestHandler: (handler: unknown) => void (sessionHandlers['request'] = handler),
        setPermissionCheckHandler: (handler: unknown) => void (sessionHandlers['check'] = handler),
        setDevicePermissionHandler: (handler: unknown) => void (sessionHandlers['device'] = handler),
        setSpellCheckerEnabled: (enabled: boolean) => void (sessionHandlers['spelling'] = enabled),
        on: (name: string, handler: unknown) => void (sessionHandlers[name] = handler),
        webRequest: { onBeforeRequest: (handler: unknown) => void (sessionHandlers['before-request'] = handler) },
      },
    },
    utilityProcess: { fork },
  }
  return { electron, app, windows, ended, asked, answers, notices, menus, sessionHandlers, awake, switches, PreventableEvent }
}

/** What the preload script of a window is given. */
export function preloadElectron({
  webContents,
}: {
  webContents: { page: Page; say(channel: string, values: unknown[]): void; ask(channel: string, values: unknown[]): Promise<unknown> }
}) {
  const { page } = webContents
  return {
    contextBridge: { exposeInMainWorld: (_name: string, bridge: Bridge) => (page.bridge = bridge) },
    ipcRenderer: {
      on: (channel: string, listener: (...values: unknown[]) => void) => page.renderer.on(channel, listener),
      off: (channel: string, listener: (...values: unknown[]) => void) => page.renderer.off(channel, listener),
      send: (channel: string, ...values: unknown[]) => webContents.say(channel, values),
      invoke: (channel: string, ...values: unknown[]) => webContents.ask(channel, values),
    },
    webUtils: { getPathForFile: (file: { path?: string }) => file.path ?? '' },
  }
}

export type ElectronDouble = ReturnType<typeof electronDouble>
