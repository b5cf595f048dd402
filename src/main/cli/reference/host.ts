/** A command line that is only asked for its help: the same on every machine. */
import type { CliHost } from '../cli-host.ts'

const nothing = (): void => undefined
const refused = (): never => {
  throw new Error('The reference page runs no command.')
}

export const referenceHost: CliHost = {
  program: 'npm run lab --',
  version: '',
  stdout: nothing,
  stderr: nothing,
  terminal: false,
  columns: 100,
  env: {},
  platform: 'linux',
  home: '~',
  now: () => 0,
  openEngine: refused,
  pages: '',
  openBrowser: refused,
  onInterrupt: refused,
  exit: refused,
}
