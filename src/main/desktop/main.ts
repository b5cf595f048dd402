/** Entry of the desktop app: gives it Electron. */
import {
  app,
  BrowserWindow,
  dialog,
  ipcMain,
  Menu,
  MessageChannelMain,
  Notification,
  powerMonitor,
  powerSaveBlocker,
  protocol,
  screen,
  session,
  utilityProcess,
} from 'electron'
import { join } from 'node:path'
import { runApp } from './app.ts'
import type { Preventable, Window } from './electron-platform.ts'
import { chromiumSwitches, hardenContents, hardenSession, webPreferences } from './hardening.ts'
import { openDesktopLab } from './open-lab.ts'
import { pathsIn } from './opened-paths.ts'
import { APP_SCHEME, servePage } from './page.ts'
import { utilitySpawn } from './utility-child.ts'
import { smallest } from './window-state.ts'

const name = 'Weightscape'
const built = (...parts: string[]): string => join(import.meta.dirname, '..', ...parts)

protocol.registerSchemesAsPrivileged([{ scheme: APP_SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true } }])
for (const each of chromiumSwitches) app.commandLine.appendSwitch(each)
app.setName(name)
// Windows shows notices only of apps that it can name.
app.setAppUserModelId(name)
app.enableSandbox()
app.on('web-contents-created', (_event, contents) => hardenContents(contents))

/** Every window of the app is one that `create` made. */
function browserWindow({ id }: Window): BrowserWindow {
  const found = BrowserWindow.fromId(id)
  if (found === null) throw new Error('The window is gone.')
  return found
}

/** Notices that are on the screen: one that is collected never tells that it was clicked. */
const notices = new Set<Notification>()

// Not awaited: Electron is ready only after this module has run to its end.
void runApp({
  app,
  ipc: ipcMain,
  platform: process.platform,
  name,
  power: {
    onSuspend: (handler) => powerMonitor.on('suspend', handler),
    onResume: (handler) => powerMonitor.on('resume', handler),
    // Electron's types leave out the event that its documentation tells of.
    onShutdown: (handler) => powerMonitor.on('shutdown', ((event: Preventable) => handler(event)) as () => void),
  },
  startPaths: pathsIn(process.argv.slice(app.isPackaged ? 1 : 2), process.cwd()),
  statePath: join(app.getPath('userData'), 'window.json'),
  downloads: app.getPath('downloads'),
  now: Date.now,
  prepare: () => {
    hardenSession(session.defaultSession)
    protocol.handle(APP_SCHEME, servePage(built('renderer')))
  },
  openLab: () =>
    openDesktopLab(
      {
        spawn: utilitySpawn((module, args, options) => utilityProcess.fork(module, args, options)),
        entries: {
          engine: built('main', 'engine.js'),
          farm: built('main', 'farm.js'),
          import: built('main', 'import.js'),
          thread: built('main', 'thread.js'),
        },
      },
      app.getVersion(),
      { start: () => powerSaveBlocker.start('prevent-app-suspension'), stop: (id) => void powerSaveBlocker.stop(id) },
    ),
  create: (bounds) =>
    new BrowserWindow({
      ...bounds,
      minWidth: smallest.width,
      minHeight: smallest.height,
      show: false,
      backgroundColor: '#0f1318',
      // macOS and Windows show the program's own.
      icon: join(app.getAppPath(), 'resources', 'icon.png'),
      title: name,
      webPreferences: { ...webPreferences, preload: built('preload', 'preload.cjs') },
    }),
  workAreas: () => screen.getAllDisplays().map(({ workArea }) => workArea),
  setMenu: (template) => Menu.setApplicationMenu(Menu.buildFromTemplate(template)),
  channel: () => new MessageChannelMain(),
  askWhere: (window, options) => dialog.showSaveDialog(browserWindow(window), options),
  askBox: (window, options) => dialog.showMessageBox(browserWindow(window), options),
  errorBox: (title, content) => dialog.showErrorBox(title, content),
  notify: (title, body, clicked) => {
    if (!Notification.isSupported()) return
    const notice = new Notification({ title, body })
    notices.add(notice)
    notice.on('click', clicked)
    notice.on('close', () => notices.delete(notice))
    notice.show()
  },
  onInterrupt: (handler) => {
    process.on('SIGINT', handler)
    process.on('SIGTERM', handler)
  },
})
