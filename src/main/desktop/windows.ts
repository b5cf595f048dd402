/** The app's windows: opened where the last one was, hardened, brought back when their page crashes. */
import type { Rectangle, Window } from './electron-platform.ts'
import { APP_URL } from './page.ts'
import { fitBounds, keepWindowState, readWindowState } from './window-state.ts'

export interface WindowOptions {
  create(bounds: Partial<Rectangle> & { width: number; height: number }): Window
  /** Work areas of all screens. */
  workAreas(): Rectangle[]
  /** Small file that keeps where the window was. */
  statePath: string
  now(): number
  note(message: string): void
  /** A page has crashed: it listens no more, until it says so again. */
  pageEnded(contents: Window['webContents']): void
  /** Asked when a person closes the last window; false: it stays. */
  mayClose(window: Window): boolean
}

/** A page that crashes more often within a minute is not started again. */
const maxCrashes = 3
const minute = 60_000

export class Windows {
  readonly #options: WindowOptions
  readonly #open: Window[] = []

  constructor(options: WindowOptions) {
    this.#options = options
  }

  get count(): number {
    return this.#open.length
  }

  /** The one that was used last. */
  get current(): Window | undefined {
    return this.#open.at(-1)
  }

  /** The window whose page these contents are. */
  of(contents: Window['webContents']): Window | undefined {
    return this.#open.find((window) => window.webContents === contents)
  }

  open(): Window {
    const { statePath } = this.#options
    const state = readWindowState(statePath)
    const bounds = fitBounds(state, this.#options.workAreas())
    // A second one does not hide the first.
    const { x, y, ...size } = bounds
    const window = this.#options.create(this.#open.length === 0 && x !== undefined && y !== undefined ? bounds : size)
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
  show(): Window {
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

  #forget(window: Window): void {
    const at = this.#open.indexOf(window)
    if (at >= 0) this.#open.splice(at, 1)
  }

  /** The lab is not in the page: a page that crashed loses nothing by being loaded again. */
  #mend(window: Window): void {
    const options = this.#options
    let crashes: number[] = []
    window.webContents.on('render-process-gone', (_event, { reason }) => {
      if (reason === 'clean-exit' || window.isDestroyed()) return
      options.pageEnded(window.webContents)
      crashes = [...crashes.filter((at) => options.now() - at < minute), options.now()]
      const again = crashes.length <= maxCrashes
      options.note(
        `The window's page ended (${reason}); ${again ? 'it was loaded again' : 'close the window and open a new one'}. What runs goes on.`,
      )
      if (again) window.webContents.reload()
    })
  }
}
