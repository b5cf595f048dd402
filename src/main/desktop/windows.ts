/** The app's windows: opened where the last one was, hardened, brought back when their page crashes. */
import { app, BrowserWindow, screen } from 'electron'
import type { WebContents } from 'electron'
import { join } from 'node:path'
import { webPreferences } from './hardening.ts'
import { APP_URL } from './page.ts'
import { fitBounds, keepWindowState, readWindowState, smallest } from './window-state.ts'

export interface WindowOptions {
  /** Path of the built preload script. */
  preload: string
  note(message: string): void
  /** A page has crashed: it listens no more, until it says so again. */
  pageEnded(contents: WebContents): void
  /** Asked when a person closes the last window; false: it stays. */
  mayClose(window: BrowserWindow): boolean
}

/** A page that crashes more often within a minute is not started again. */
const maxCrashes = 3
const minute = 60_000

export class Windows {
  readonly #options: WindowOptions
  readonly #open: BrowserWindow[] = []

  constructor(options: WindowOptions) {
    this.#options = options
  }

  get count(): number {
    return this.#open.length
  }

  /** The one that was used last. */
  get current(): BrowserWindow | undefined {
    return this.#open.at(-1)
  }

  open(): BrowserWindow {
    // A small file that keeps where the window was.
    const statePath = join(app.getPath('userData'), 'window.json')
    const state = readWindowState(statePath)
    const workAreas = screen.getAllDisplays().map(({ workArea }) => workArea)
    const bounds = fitBounds(state, workAreas)
    // A second one does not hide the first.
    const { x, y, ...size } = bounds
    const window = new BrowserWindow({
      ...(this.#open.length === 0 && x !== undefined && y !== undefined ? bounds : size),
      minWidth: smallest.width,
      minHeight: smallest.height,
      show: false,
      backgroundColor: '#0f1318',
      // macOS and Windows show the program's own.
      icon: join(app.getAppPath(), 'resources', 'icon.png'),
      title: app.name,
      webPreferences: { ...webPreferences, preload: this.#options.preload },
    })
    this.#open.push(window)
    window.once('ready-to-show', () => {
      if (state.maximized) window.maximize()
      window.show()
    })
    window.on('focus', () => {
      this.#forget(window)
      this.#open.push(window)
    })
    window.on('close', (event) => {
      if (this.#open.length === 1 && !this.#options.mayClose(window)) {
        event.preventDefault()
        return
      }
      keepWindowState(statePath, { bounds: window.getNormalBounds(), maximized: window.isMaximized() })
    })
    window.on('closed', () => this.#forget(window))
    this.#mend(window)
    void window.loadURL(APP_URL)
    return window
  }

  /** Brings the current window before the person, or opens one. */
  show(): BrowserWindow {
    const window = this.current ?? this.open()
    if (window.isMinimized()) window.restore()
    window.show()
    window.focus()
    return window
  }

  /** Takes all windows away at once. */
  destroyAll(): void {
    for (const window of [...this.#open]) window.destroy()
  }

  #forget(window: BrowserWindow): void {
    const at = this.#open.indexOf(window)
    if (at >= 0) this.#open.splice(at, 1)
  }

  /** The lab is not in the page: a page that crashed loses nothing by being loaded again. */
  #mend(window: BrowserWindow): void {
    const options = this.#options
    let crashes: number[] = []
    window.webContents.on('render-process-gone', (_event, { reason }) => {
      if (reason === 'clean-exit' || window.isDestroyed()) return
      options.pageEnded(window.webContents)
      crashes = [...crashes.filter((at) => Date.now() - at < minute), Date.now()]
      const again = crashes.length <= maxCrashes
      options.note(
        `The window's page ended (${reason}); ${again ? 'it was loaded again' : 'close the window and open a new one'}. What runs goes on.`,
      )
      if (again) window.webContents.reload()
    })
  }
}
