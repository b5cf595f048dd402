/** Channels between the preload script and the app's main process; nothing else speaks on them. */
export const desktopChannels = {
  /** Window to app, answered by `port`. */
  requestPort: 'weightscape:request-port',
  /** App to window, with one port. */
  port: 'weightscape:port',
  saveArtefact: 'weightscape:save-artefact',
  notify: 'weightscape:notify',
  progress: 'weightscape:progress',
  /** Window to app: it listens for commands and paths now. */
  listening: 'weightscape:listening',
  command: 'weightscape:command',
  openPaths: 'weightscape:open-paths',
} as const
