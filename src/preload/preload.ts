/** The one bridge between the window and the app: a port to the lab, and what only the app can do. */
import { contextBridge, ipcRenderer, webUtils } from 'electron'
import type { AppCommandId } from '../shared/app-commands.ts'
import { portMessage } from '../shared/bridge.ts'
import type { Bridge, Platform } from '../shared/bridge.ts'
import { desktopChannels as channels } from '../shared/desktop-channels.ts'

const bridge: Bridge = {
  version: __APP_VERSION__,
  platform: process.platform as Platform['os'],
  versions: { electron: process.versions.electron, chrome: process.versions.chrome, node: process.versions.node },
  requestPort: () => ipcRenderer.send(channels.requestPort),
  pathOf: (file) => webUtils.getPathForFile(file),
  saveArtefact: (id, name) => ipcRenderer.invoke(channels.saveArtefact, id, name) as ReturnType<Bridge['saveArtefact']>,
  notify: (title, body) => ipcRenderer.send(channels.notify, title, body),
  progress: (fraction) => ipcRenderer.send(channels.progress, fraction),
  onCommand: (handler) => listen(channels.command, (id) => handler(id as AppCommandId)),
  onOpenPaths: (handler) => listen(channels.openPaths, (paths) => handler(paths as string[])),
}

/** Only the value goes to the page: the event behind it carries the sender. */
function listen(channel: string, handler: (value: unknown) => void): () => void {
  const heard = (_event: unknown, value: unknown): void => handler(value)
  ipcRenderer.on(channel, heard)
  ipcRenderer.send(channels.listening, channel)
  return () => void ipcRenderer.off(channel, heard)
}

// A port cannot cross the bridge; the window's own message event can bring it.
ipcRenderer.on(channels.port, (event) => window.postMessage(portMessage, '*', [...event.ports]))

contextBridge.exposeInMainWorld('weightscape', bridge)
