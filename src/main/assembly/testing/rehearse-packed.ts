/** Tries what is about to be packed, a folder: the built processes, on the packages that lie beside them and no others, train and report. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { tinySettings, writeTinyIdx } from '../../lab/testing/tiny-data.ts'
import { spawnNodeChild } from '../../process/node-child.ts'
import { openLab } from '../open-lab.ts'

const app = process.argv[2]
const folder = mkdtempSync(join(tmpdir(), 'weightscape-rehearsal-'))
const built = (name: string): string => join(app, 'out/main', `${name}.js`)
const entries = { engine: built('engine'), farm: built('farm'), import: built('import'), thread: built('thread') }
const lab = openLab({ dataDir: join(folder, 'lab'), version: '0.0.0', processes: { spawn: spawnNodeChild, entries } })
try {
  mkdirSync(join(folder, 'idx'))
  await lab.imports.add(await writeTinyIdx(join(folder, 'idx')), { name: 'bars', options: { accept: ['equal-across-splits'] } })
  const settings = tinySettings.map((setting) => {
    const at = setting.indexOf('=')
    return { key: setting.slice(0, at), value: JSON.parse(setting.slice(at + 1)) as never }
  })
  const { id } = await lab.runs.create({ from: 'mnist-quick', data: 'bars', settings })
  const { reason, step } = await lab.runs.train(id)
  if (reason !== 'finished') throw new Error(`Training was ${reason} at step ${step}.`)
  await lab.reports.write(id, { formats: ['pdf'], folder: join(folder, 'reports') })
  process.stderr.write(`What is packed read images, trained ${step} steps and wrote a report.\n`)
} finally {
  await lab.close()
  rmSync(folder, { recursive: true, force: true })
}
