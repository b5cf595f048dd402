/** What a person prefers: small JSON values by name. */
import { LabError } from '../../shared/errors.ts'
import { bytes } from '../../shared/wording.ts'
import type { StoreContext } from './context.ts'
import { toChecksummedJson, fromChecksummedJson } from './files/checksummed-json.ts'

/** Many times what the window keeps; more is no preference. */
const most = { count: 500, length: 64 * 1024 }

export function preferenceStore({ db }: StoreContext) {
  const all = db.query<{ name: string; value: string }>('list preferences', 'SELECT name, value FROM preference ORDER BY name')
  const put = db.command('keep a preference', 'INSERT OR REPLACE INTO preference (name, value) VALUES (?, ?)')
  const others = db.query<{ count: number }>('count preferences', 'SELECT count(*) AS count FROM preference WHERE name <> ?')
  return {
    all: (): Record<string, unknown> =>
      Object.fromEntries(all.all().map(({ name, value }) => [name, fromChecksummedJson<unknown>(value, `The preference ${name}`)])),
    /** @param value what JSON can say @throws LabError `invalid-argument` beyond what there is room for */
    set(name: string, value: unknown) {
      const text = toChecksummedJson(value)
      if (text.length > most.length) throw tooMuch(`The preference ${name} takes ${bytes(text.length)}; ${bytes(most.length)} are the most`)
      if (others.get(name)!.count >= most.count) throw tooMuch(`There are ${most.count} preferences already, which are the most`)
      put.run(name, text)
    },
  }
}

const tooMuch = (what: string): LabError =>
  new LabError('invalid-argument', `${what}.`, 'Keep less of it, or keep it in a file of your own.')
