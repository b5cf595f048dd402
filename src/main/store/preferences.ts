/** What a person prefers: small JSON values by name. */
import type { StoreContext } from './context.ts'
import { toChecksummedJson, fromChecksummedJson } from './files/checksummed-json.ts'

export function preferenceStore({ db }: StoreContext) {
  const all = db.query<{ name: string; value: string }>('list preferences', 'SELECT name, value FROM preference ORDER BY name')
  const put = db.command('keep a preference', 'INSERT OR REPLACE INTO preference (name, value) VALUES (?, ?)')
  return {
    all: (): Record<string, unknown> =>
      Object.fromEntries(all.all().map(({ name, value }) => [name, fromChecksummedJson<unknown>(value, `The preference ${name}`)])),
    /** @param value what JSON can say */
    set(name: string, value: unknown) {
      put.run(name, toChecksummedJson(value))
    },
  }
}
