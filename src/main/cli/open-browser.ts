/** Opens a person's browser. */
import { spawn } from 'node:child_process'

/**
 * Asks the system to show an address; where it cannot, nothing happens: the address is printed anyway.
 * Programs' words can be read by other users of the machine, so the address in them lets one browser in and no second.
 */
export function openBrowser(address: string): void {
  const [program, ...args] = command(process.platform)
  const child = spawn(program, [...args, address], { stdio: 'ignore', detached: true })
  child.on('error', () => undefined)
  child.unref()
}

function command(platform: NodeJS.Platform): [string, ...string[]] {
  if (platform === 'darwin') return ['open']
  if (platform === 'win32') return ['rundll32', 'url.dll,FileProtocolHandler']
  return ['xdg-open']
}
