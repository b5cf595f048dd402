/**
 * The life of the desktop app: one instance, one lab, windows that come and go, and an end in order.
 * It touches Electron only through what it is given.
 */
import type { AppCommandId } from '../../shared/app-commands.ts'
import { desktopChannels as channels } from '../../shared/desktop-channels.ts'
import { toErrorValue } from '../../shared/errors.ts'
import type { Api } from '../api/api.ts'
import type { Ending } from '../api/close-lab.ts'
import type { Ipc, MessageOptions, Preventable, Window } from './electron-platform.ts'
import { ipcReceiverOf } from './ipc-receiver.ts'
import { menuTemplate } from './menu.ts'
import type { MenuItem } from './menu.ts'
import { handedPaths } from './opened-paths.ts'
import { PendingMessages } from './pending-messages.ts'
import { answerWindows } from './window-requests.ts'
import type { WindowRequestContext } from './window-requests.ts'
import { Windows } from './windows.ts'
import type { WindowOptions } from './windows.ts'

/** Electron's `app`, as far as it is used here. */
export interface App {
  requestSingleInstanceLock(data: Record<string, unknown>): boolean
  whenReady(): Promise<void>
  quit(): void
  exit(code?: number): void
  on(event: 'second-instance', listener: (event: unknown, argv: string[], folder: string, data: unknown) => void): unknown
  on(event: 'open-file', listener: (event: Preventable, path: string) => void): unknown
  on(event: 'before-quit', listener: (event: Preventable) => void): unknown
  on(event: 'activate' | 'window-all-closed', listener: () => void): unknown
}

/** The lab as the app keeps it. */
export interface DesktopLab {
  api: Api
  /** Jobs wait or run. */
  isBusy(): boolean
  /** Runs that train are paused; windows are closed first. */
  end(): Ending
  /** A line for the person, in the lab's notes. */
  note(message: string): void
}

export interface AppDependencies
  extends Omit<WindowRequestContext, 'api' | 'windowOf' | 'pending'>, Omit<WindowOptions, 'note' | 'mayClose' | 'pageEnded'> {
  app: App
  ipc: Ipc
  platform: NodeJS.Platform
  name: string
  /** Once Electron is ready, before a window is there: protocol, session, power. */
  prepare(): void
  /** @throws LabError when the data folder cannot be opened */
  openLab(): DesktopLab
  setMenu(template: MenuItem[]): void
  askBox(window: Window, options: MessageOptions): Promise<{ response: number }>
  errorBox(title: string, content: string): void
  /** Each Ctrl+C or polite kill. */
  onInterrupt(handler: () => void): void
  /** The machine sleeps, wakes, or is about to be turned off. */
  power: {
    onSuspend(handler: () => void): void
    onResume(handler: () => void): void
    onShutdown(handler: (event: Preventable) => void): void
  }
  /** Paths that the app was started with. */
  startPaths: readonly string[]
}

export async function runApp(dependencies: AppDependencies): Promise<void> {
  const { app } = dependencies
  if (!app.requestSingleInstanceLock({ paths: dependencies.startPaths })) {
    app.exit(0)
    return
  }
  // What is opened before there is a window waits for one.
  const early = [...dependencies.startPaths]
  const opened: { by: Desktop | null } = { by: null }
  const open = (paths: readonly string[]): void => {
    if (opened.by === null) early.push(...paths)
    else opened.by.openPaths(paths)
  }
  app.on('open-file', (event, path) => {
    event.preventDefault()
    open([path])
  })
  app.on('second-instance', (_event, _argv, _folder, data) => {
    open(handedPaths(data))
    opened.by?.show()
  })
  await app.whenReady()
  dependencies.prepare()
  try {
    opened.by = new Desktop(dependencies, dependencies.openLab())
  } catch (error) {
    const { message, remedy } = toErrorValue(error)
    dependencies.errorBox(`${dependencies.name} cannot open its data`, `${message}\n\n${remedy}`)
    app.exit(1)
    return
  }
  opened.by.show()
  opened.by.openPaths(early)
}

/** The app once its lab is open. */
class Desktop {
  readonly #dependencies: AppDependencies
  readonly #lab: DesktopLab
  readonly #windows: Windows
  readonly #pending = new PendingMessages()
  #ending: Ending | undefined
  #ended = false
  #asking = false
  #sleptAt: number | undefined

  constructor(dependencies: AppDependencies, lab: DesktopLab) {
    this.#dependencies = dependencies
    this.#lab = lab
    this.#windows = new Windows({
      ...dependencies,
      note: (message) => lab.note(message),
      pageEnded: (contents) => this.#pending.forget(contents),
      mayClose: (window) => this.#mayClose(window),
    })
    answerWindows(ipcReceiverOf(dependencies.ipc), {
      ...dependencies,
      api: lab.api,
      pending: this.#pending,
      windowOf: (contents) => this.#windows.of(contents),
    })
    dependencies.setMenu(
      menuTemplate(dependencies.platform, dependencies.name, {
        run: (command) => this.#run(command),
        newWindow: () => void this.#windows.open(),
      }),
    )
    this.#live()
  }

  show(): void {
    this.#windows.show()
  }

  /** Hands paths to the window that is used. */
  openPaths(paths: readonly string[]): void {
    if (paths.length > 0 && this.#ending === undefined) this.#pending.send(this.#windows.show().webContents, channels.openPaths, [...paths])
  }

  #run(command: AppCommandId): void {
    this.#pending.send(this.#windows.show().webContents, channels.command, command)
  }

  #live(): void {
    const { app, platform, power } = this.#dependencies
    app.on('activate', () => {
      if (this.#windows.count === 0 && this.#ending === undefined) this.#windows.open()
    })
    // On macOS an app without windows goes on, and so does what it trains.
    app.on('window-all-closed', () => {
      if (platform !== 'darwin') app.quit()
    })
    app.on('before-quit', (event) => {
      if (this.#ended) return
      event.preventDefault()
      this.#end()
    })
    let interrupts = 0
    this.#dependencies.onInterrupt(() => {
      interrupts++
      if (interrupts === 1) this.#end()
      else if (interrupts === 2) this.#ending?.hurry()
      else app.exit(130)
    })
    power.onSuspend(() => (this.#sleptAt = this.#dependencies.now()))
    power.onResume(() => {
      if (this.#sleptAt === undefined) return
      const minutes = Math.round((this.#dependencies.now() - this.#sleptAt) / 60_000)
      this.#sleptAt = undefined
      if (this.#lab.isBusy()) this.#lab.note(`The machine slept for ${minutes} min; what was running goes on.`)
    })
    power.onShutdown((event) => {
      // The system waits a while for an app that asks it to.
      event.preventDefault()
      this.#end()
    })
  }

  /** A person who closes the last window is asked first where something runs; elsewhere than on macOS the app ends with it. */
  #mayClose(window: Window): boolean {
    if (this.#ending !== undefined || this.#dependencies.platform === 'darwin' || !this.#lab.isBusy()) return true
    if (!this.#asking) void this.#ask(window)
    return false
  }

  async #ask(window: Window): Promise<void> {
    this.#asking = true
    const { response } = await this.#dependencies.askBox(window, {
      type: 'question',
      message: 'Something is still running.',
      detail: 'What trains is paused after the step under way, with a checkpoint, and can go on later. Other tasks are cancelled.',
      buttons: ['Pause and quit', 'Keep running'],
      defaultId: 0,
      cancelId: 1,
    })
    this.#asking = false
    if (response === 0) this.#end()
  }

  #end(): void {
    if (this.#ending !== undefined) return
    this.#lab.api.close('The app ends.')
    this.#ending = this.#lab.end()
    this.#windows.destroyAll()
    const leave = (): void => {
      this.#ended = true
      this.#dependencies.app.quit()
    }
    this.#ending.ended.then(leave, (error: unknown) => {
      this.#dependencies.errorBox(`${this.#dependencies.name} did not end in order`, toErrorValue(error).message)
      leave()
    })
  }
}
