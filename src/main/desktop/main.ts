/** Entry of the desktop app. */
import { app, protocol, utilityProcess } from 'electron'
import { join } from 'node:path'
import { runApp } from './app.ts'
import { chromiumSwitches, hardenContents } from './hardening.ts'
import { pathsIn } from './opened-paths.ts'
import { APP_SCHEME } from './page.ts'
import { utilitySpawn } from './utility-child.ts'

const name = 'Weightscape'
const built = (...parts: string[]): string => join(import.meta.dirname, '..', ...parts)

protocol.registerSchemesAsPrivileged([{ scheme: APP_SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true } }])
for (const each of chromiumSwitches) app.commandLine.appendSwitch(each)
app.setName(name)
// Windows shows notices only of apps that it can name.
app.setAppUserModelId(name)
app.enableSandbox()
app.on('web-contents-created', (_event, contents) => hardenContents(contents))

// Not awaited: Electron is ready only after this module has run to its end.
void runApp({
  startPaths: pathsIn(process.argv.slice(app.isPackaged ? 1 : 2), process.cwd()),
  pages: built('renderer'),
  preload: built('preload', 'preload.cjs'),
  processes: {
    spawn: utilitySpawn((module, args, options) => utilityProcess.fork(module, args, options)),
    entries: {
      engine: built('main', 'engine.js'),
      farm: built('main', 'farm.js'),
      import: built('main', 'import.js'),
      thread: built('main', 'thread.js'),
    },
  },
})
