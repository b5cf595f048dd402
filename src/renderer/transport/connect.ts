/** The way to the lab from wherever the page is shown. */
import type { Bridge, Platform } from '../../shared/bridge.ts'
import { createClient } from '../../shared/rpc/client.ts'
import type { ConnectedClient } from '../../shared/rpc/client.ts'
import { browserPlatform } from './browser-platform.ts'
import { desktopPlatform } from './desktop-platform.ts'
import { portLink } from './port-link.ts'
import { socketLink } from './socket-link.ts'

declare global {
  interface Window {
    readonly weightscape?: Bridge
  }
}

export function connect(window: Window): { client: ConnectedClient; platform: Platform } {
  const bridge = window.weightscape
  const client = createClient(bridge === undefined ? socketLink(window.location) : portLink(bridge, window))
  // A laptop that was closed, a tab that was frozen: what was a connection may be none.
  const look = () => window.document.visibilityState === 'visible' && client.check()
  window.document.addEventListener('visibilitychange', look)
  window.addEventListener('online', look)
  return { client, platform: bridge === undefined ? browserPlatform(window, __APP_VERSION__) : desktopPlatform(bridge, client) }
}
