/** The one bridge between the window and the lab. Until the lab speaks to windows it tells only what it runs on. */
import { contextBridge } from 'electron'
import type { Bridge } from '../shared/bridge.ts'

const bridge: Bridge = {
  versions: { electron: process.versions.electron, chrome: process.versions.chrome, node: process.versions.node },
}

contextBridge.exposeInMainWorld('weightscape', bridge)
