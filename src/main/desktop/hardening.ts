/** What no page in the app may do, whoever wrote it: Electron's security checklist, item by item, where it can be enforced. */
import type { Event, Session, WebContents } from 'electron'
import { isOwnAddress } from './page.ts'

/** Copying a command is the one thing that needs a permission. */
const granted = new Set(['clipboard-sanitized-write'])

/** What a page makes itself. */
const own = /^(blob:app:|data:)/
/** The same, and the developer's tools. */
const local = /^(blob:|data:|devtools:)/

/** No permissions, no devices, no downloads from elsewhere, no request that leaves the machine. */
export function hardenSession(session: Session): void {
  session.setPermissionRequestHandler((_contents, permission, answer) => answer(granted.has(permission)))
  session.setPermissionCheckHandler((_contents, permission) => granted.has(permission))
  session.setDevicePermissionHandler(() => false)
  // Its dictionaries would be fetched from a network.
  session.setSpellCheckerEnabled(false)
  // A chart that the page has drawn may be saved, by the system's dialog; files of the lab come another way.
  session.on('will-download', (event, item) => {
    if (!own.test(item.getURL())) event.preventDefault()
  })
  session.webRequest.onBeforeRequest(({ url }, answer) => answer({ cancel: !isOwnAddress(url) && !local.test(url) }))
}

/** Every window, and whatever else shows pages, stays where it is and opens nothing. */
export function hardenContents(contents: WebContents): void {
  const refuse = (event: Event): void => event.preventDefault()
  contents.on('will-navigate', refuse)
  // A document that the page itself writes into a frame stays within the page's policy.
  contents.on('will-frame-navigate', (event) => {
    if (event.isMainFrame || event.url !== 'about:srcdoc') event.preventDefault()
  })
  contents.on('will-redirect', refuse)
  contents.on('will-attach-webview', refuse)
  contents.setWindowOpenHandler(() => ({ action: 'deny' }))
}

/** How every window is made. */
export const webPreferences = {
  contextIsolation: true,
  sandbox: true,
  nodeIntegration: false,
  nodeIntegrationInWorker: false,
  nodeIntegrationInSubFrames: false,
  webSecurity: true,
  allowRunningInsecureContent: false,
  experimentalFeatures: false,
  webviewTag: false,
  spellcheck: false,
} as const

/** Chromium's own errands on the network. */
export const chromiumSwitches = [
  'disable-background-networking',
  'disable-component-update',
  'disable-domain-reliability',
  'disable-sync',
  'no-pings',
] as const
