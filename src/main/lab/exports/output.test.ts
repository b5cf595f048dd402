/** What is a lab's own is never written over. */
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { LabError } from '../../../shared/errors.ts'
import { refuseOwnFiles } from './output.ts'

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'output-')))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const dataDir = join(folder, 'lab')
mkdirSync(join(dataDir, 'runs', 'calm-otter'), { recursive: true })
writeFileSync(join(dataDir, 'weightscape.db'), '')
mkdirSync(join(folder, 'other', 'runs'), { recursive: true })
symlinkSync(join(dataDir, 'runs'), join(folder, 'link'))

it.each([
  'lab/weightscape.db',
  'lab/weightscape.db-wal',
  'lab/lock.json',
  'lab/commit-mark',
  'lab/door.key',
  'lab/studies/new/table.csv',
  'lab/runs/calm-otter/deep/new.npz',
  'link/calm-otter/new.npz',
])('%s is refused, there or not', (name) => {
  expect(() => refuseOwnFiles(join(folder, name))).toThrow(
    expect.objectContaining({
      constructor: LabError,
      code: 'invalid-argument',
      message: `${join(folder, name)} belongs to the lab in ${dataDir}: nothing is written over it.`,
      help: { settings: { out: null } },
    }) as Error,
  )
})

it.each(['lab/mine/table.csv', 'lab/weights.npz', 'other/runs/table.csv', 'runs/new/table.csv'])('%s is anybody’s', (name) => {
  expect(() => refuseOwnFiles(join(folder, name))).not.toThrow()
})
