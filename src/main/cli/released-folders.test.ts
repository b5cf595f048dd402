/** Data folders of each released version: this one opens them, goes on with the same bits, and reports; those of a newer one it leaves alone. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import Sqlite from 'better-sqlite3'
import { unzipSync } from 'fflate'
import { afterEach, describe, expect, it } from 'vitest'
import { checkpointArrays, fingerprintOf, sha256 } from './testing/bits.ts'
import { labProcess } from './testing/lab-process.ts'

const home = fileURLToPath(new URL('fixtures/', import.meta.url))
/** The archive and what was said of it: a folder of before there were releases, and one a release. */
const folders = [
  { version: 'version 1', archive: 'version-1/version-1.zip', said: 'version-1/bits.json' },
  ...readdirSync(join(home, 'released'))
    .filter((name) => name.endsWith('.zip'))
    .map((name) => ({ version: name.replace('.zip', ''), archive: `released/${name}`, said: `released/${name.replace('.zip', '.json')}` })),
]

interface Said {
  fingerprint: Record<string, unknown>
  shown: Record<string, Record<string, unknown>>
  /** Of eight networks on the test images; the folder of version 1 has its own test of results. */
  accuracies?: number[]
}

const made: string[] = []
afterEach(() => {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true })
})

/** @returns folder of the lab */
function unpack(archive: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'released-'))
  made.push(folder)
  for (const [name, bytes] of Object.entries(unzipSync(readFileSync(join(home, archive))))) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), bytes)
  }
  return join(folder, 'lab')
}

it('there is one of this version', () => {
  const { version } = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')) as { version: string }
  expect(folders.map((each) => each.version)).toContain(version)
})

describe.each(folders)('a folder of $version', { timeout: 240_000 }, ({ archive, said }) => {
  const { fingerprint, shown, accuracies } = JSON.parse(readFileSync(join(home, said), 'utf8')) as Said

  it('is opened, listed, gone on with to the same bits, and reported', async () => {
    const dataDir = unpack(archive)
    const lab = labProcess(dataDir)
    const { runs } = (await lab('runs')) as { runs: Record<string, unknown>[] }
    for (const name of ['finished', 'paused']) {
      const { id, state, step } = shown[name]
      expect(runs).toContainEqual(expect.objectContaining({ id, name, state, step }))
    }
    if (accuracies !== undefined)
      expect(await lab('evaluate', 'finished', '-n', '8', '--split', 'test', '--images', 'all')).toMatchObject({ reused: true, accuracies })
    await lab('resume', 'paused')
    const [resumed, finished] = [await lab('show', 'paused'), await lab('show', 'finished')]
    expect(resumed).toMatchObject({ state: 'finished', step: shown['finished']['step'] })
    const now = fingerprintOf(resumed)
    const differ = Object.keys(fingerprint).filter((key) => now[key] !== fingerprint[key])
    if (differ.length > 0) console.log(`${archive}: compared with a tolerance, as this machine differs in ${differ.join(', ')}`)
    const wanted = checkpointArrays(finished)
    for (const [name, array] of Object.entries(checkpointArrays(resumed))) {
      const error = array.reduce((most, value, i) => Math.max(most, Math.abs(value - wanted[name][i])), 0)
      const largest = wanted[name].reduce((most, value) => Math.max(most, Math.abs(value)), Number.MIN_VALUE)
      expect([name, array.length, error <= (differ.length === 0 ? 0 : 1e-3 * largest)]).toEqual([name, wanted[name].length, true])
    }
    const out = join(dataDir, '..', 'report')
    await lab('report', 'finished', '--format', 'md', '--out', out)
    const report = readdirSync(out).find((name) => name.endsWith('.md'))!
    expect(readFileSync(join(out, report), 'utf8')).toContain('finished')
  })

  it('that a newer version has written since is refused with a sentence, by each door, and stays as it is', async () => {
    const dataDir = unpack(archive)
    const database = new Sqlite(join(dataDir, 'weightscape.db'))
    database.pragma('user_version = 999')
    database.close()
    const before = hashes(dataDir)
    const lab = labProcess(dataDir)
    for (const words of [['runs'], ['train', '--preset', 'mnist-quick'], ['serve', '--port', '0'], ['repair'], ['resume', 'paused']])
      await expect(lab(...words), words.join(' ')).rejects.toThrow(/newer-store.*was written by a newer Weightscape.*Nothing was changed/)
    const after = hashes(dataDir)
    expect(after).toMatchObject(before)
    // Looking at a database leaves SQLite's own two files, and asking for the lock leaves that.
    const passing = ['lock.db', 'lock.json', 'weightscape.db-shm', 'weightscape.db-wal'].map((name) => join(dataDir, name))
    expect(Object.keys(after).filter((path) => !(path in before) && !passing.includes(path))).toEqual([])
  })
})

/** Of every file of a folder. */
function hashes(folder: string): Record<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  return Object.fromEntries(
    files.map(({ parentPath, name }) => [join(parentPath, name), sha256(readFileSync(join(parentPath, name)))] as const).sort(),
  )
}
