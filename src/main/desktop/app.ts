/** The life of the desktop app: one instance, one lab, windows that come and go, and an end in order. */
import { app, dialog, Menu, powerMonitor, protocol, session } from 'electron'
import type { BrowserWindow, Event } from 'electron'
import type { AppCommandId } from '../../shared/app-commands.ts'
import { desktopChannels as channels } from '../../shared/desktop-channels.ts'
import { toErrorValue } from '../../shared/errors.ts'
import type { Ending } from '../api/close-lab.ts'
import type { BuiltProcesses } from '../assembly/open-lab.ts'
import { hardenSession } from './hardening.ts'
import { menuTemplate } from './menu.ts'
import { openDesktopLab } from './open-lab.ts'
import type { DesktopLab } from './open-lab.ts'
import { handedPaths } from './opened-paths.ts'
import { APP_SCHEME, servePage } from './page.ts'
import { PendingMessages } from './pending-messages.ts'
import { answerWindows } from './window-requests.ts'
import { Windows } from './windows.ts'

export interface AppOptions {
  /** Paths that the app was started with. */
  startPaths: readonly string[]
  /** Folder of the built page. */
  pages: string
  /** Path of the built preload script. */
  preload: string
  processes: BuiltProcesses
}

export async function runApp({ startPaths, pages, preload, processes }: AppOptions): Promise<void> {
  if (!app.requestSingleInstanceLock({ paths: startPaths })) {
    app.exit(0)
    return
  }
  // What is opened before there is a window waits for one.
  const early = [...startPaths]
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
  hardenSession(session.defaultSession)
  protocol.handle(APP_SCHEME, servePage(pages))
  try {
    opened.by = new Desktop(openDesktopLab(processes), preload)
  } catch (error) {
    const { message, remedy } = toErrorValue(error)
    dialog.showErrorBox(`${app.name} cannot open its data`, `${message}\n\n${remedy}`)
    app.exit(1)
    return
  }
  opened.by.show()
  opened.by.openPaths(early)
}

/** The app once its lab is open. */
class Desktop {
  readonly #lab: DesktopLab
  readonly #windows: Windows
  readonly #pending = new PendingMessages()
  #ending: Ending | undefined
  #ended = false
  #asking = false
  #sleptAt: number | undefined

  constructor(lab: DesktopLab, preload: string) {
    this.#lab = lab
    this.#windows = new Windows({
      preload,
      note: (message) => lab.note(message),
      pageEnded: (contents) => this.#pending.forget(contents),
      mayClose: (window) => this.#mayClose(window),
    })
    answerWindows(lab.api, this.#pending)
    const menu = menuTemplate(process.platform, app.name, {
      run: (command) => this.#run(command),
      newWindow: () => void this.#windows.open(),
    })
    Menu.setApplicationMenu(Menu.buildFromTemplate(menu))
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
    app.on('activate', () => {
      if (this.#windows.count === 0 && this.#ending === undefined) this.#windows.open()
    })
    // On macOS an app without windows goes on, and so does what it trains.
    app.on('window-all-closed', () => {
      if (process.platform !== 'darwin') app.quit()
    })
    app.on('before-quit', (event) => {
      if (this.#ended) return
      event.preventDefault()
      this.#end()
    })
    let interrupts = 0
    const interrupt = (): void => {
      interrupts++
      if (interrupts === 1) this.#end()
      else if (interrupts === 2) this.#ending?.hurry()
      else app.exit(130)
    }
    process.on('SIGINT', interrupt)
    process.on('SIGTERM', interrupt)
    powerMonitor.on('suspend', () => (this.#sleptAt = Date.now()))
    powerMonitor.on('resume', () => {
      if (this.#sleptAt === undefined) return
      const minutes = Math.round((Date.now() - this.#sleptAt) / 60_000)
      this.#sleptAt = undefined
      if (this.#lab.isBusy()) this.#lab.note(`The machine slept for ${minutes} min; what was running goes on.`)
    })
    // Electron's types leave out the event that its documentation tells of.
    powerMonitor.on('shutdown', ((event: Event) => {
      // The system waits a while for an app that asks it to.
      event.preventDefault()
      this.#end()
    }) as () => void)
  }

  /** A person who closes the last window is asked first where something runs; elsewhere than on macOS the app ends with it. */
  #mayClose(window: BrowserWindow): boolean {
    if (this.#ending !== undefined || process.platform === 'darwin' || !this.#lab.isBusy()) return true
    if (!this.#asking) void this.#ask(window)
    return false
  }

  async #ask(window: BrowserWindow): Promise<void> {
    this.#asking = true
    const { response } = await dialog.showMessageBox(window, {
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
      app.quit()
    }
    this.#ending.ended.then(leave, (error: unknown) => {
      dialog.showErrorBox(`${app.name} did not end in order`, toErrorValue(error).message)
      leave()
    })
  }
}
