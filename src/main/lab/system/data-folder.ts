/** Where data is kept when the person does not say: the same place for terminal, window and server. */
import { join } from 'node:path'

const name = 'weightscape'

export interface UserEnvironment {
  env: Readonly<Record<string, string | undefined>>
  platform: NodeJS.Platform
  /** The person's own folder. */
  home: string
}

/** `WEIGHTSCAPE_DATA`, or the per-user data folder of the platform (XDG base directories on Linux). */
export function defaultDataFolder({ env, platform, home }: UserEnvironment): string {
  const chosen = env['WEIGHTSCAPE_DATA']
  if (chosen !== undefined && chosen !== '') return chosen
  if (platform === 'darwin') return join(home, 'Library', 'Application Support', name)
  if (platform === 'win32') return join(env['LOCALAPPDATA'] ?? join(home, 'AppData', 'Local'), name)
  const xdg = env['XDG_DATA_HOME']
  return join(xdg !== undefined && xdg.startsWith('/') ? xdg : join(home, '.local', 'share'), name)
}
