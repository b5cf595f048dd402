/** Where data is kept when the person does not say. */
import { join } from 'node:path'
import type { World } from './world.ts'

const name = 'weightscape'

/** `WEIGHTSCAPE_DATA`, or the per-user data folder of the platform (XDG base directories on Linux). */
export function defaultDataFolder({ env, platform, home }: Pick<World, 'env' | 'platform' | 'home'>): string {
  const chosen = env['WEIGHTSCAPE_DATA']
  if (chosen !== undefined && chosen !== '') return chosen
  if (platform === 'darwin') return join(home, 'Library', 'Application Support', name)
  if (platform === 'win32') return join(env['LOCALAPPDATA'] ?? join(home, 'AppData', 'Local'), name)
  const xdg = env['XDG_DATA_HOME']
  return join(xdg !== undefined && xdg.startsWith('/') ? xdg : join(home, '.local', 'share'), name)
}
