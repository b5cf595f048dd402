/** Where rivals live: Weightscape's cache folder of this user, never the project. */
import { homedir } from 'node:os'
import { join } from 'node:path'

/** The cache folder: WEIGHTSCAPE_CACHE, or weightscape in XDG_CACHE_HOME, or ~/.cache/weightscape. */
export function cacheFolder(environment: Readonly<Record<string, string | undefined>> = process.env): string {
  const own = environment['WEIGHTSCAPE_CACHE']
  if (own !== undefined && own !== '') return own
  const shared = environment['XDG_CACHE_HOME']
  return join(shared !== undefined && shared !== '' ? shared : join(homedir(), '.cache'), 'weightscape')
}
