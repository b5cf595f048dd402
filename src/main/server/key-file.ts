/** The key that signs cookies: in the data folder, readable by its owner alone. */
import { randomBytes } from 'node:crypto'
import { chmod, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

const bytes = 32

/** Reads the key, or makes one where there is none or none that is whole. Only the writer of a data folder calls it. */
export async function readOrMakeKey(dataDir: string): Promise<Buffer> {
  const path = join(dataDir, 'door.key')
  const kept = await readFile(path).catch(() => null)
  if (kept?.length === bytes) {
    // It may have been copied with other rights.
    await chmod(path, 0o600)
    return kept
  }
  const key = randomBytes(bytes)
  await writeFile(`${path}.new`, key, { mode: 0o600 })
  await rename(`${path}.new`, path)
  return key
}
