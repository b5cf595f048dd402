import { mkdtempSync, rmSync, truncateSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { LabClient } from '../../../shared/contract.ts'
import { createClient } from '../../../shared/rpc/client.ts'
import type { ConnectedClient } from '../../../shared/rpc/client.ts'
import { createLab } from '../../lab/lab.ts'
import { repairDataFolder } from '../../lab/system/repair.ts'
import { fakeEngine } from '../../lab/testing/fake-engine.ts'
import { addBars } from '../../lab/testing/tiny-data.ts'
import { createApi } from '../api.ts'
import { memoryLink } from '../memory-link.ts'
import { openRepairable } from './repairable.ts'
import type { RepairableLab } from './repairable.ts'

let folder: string
let client: ConnectedClient | undefined
let opened: RepairableLab | undefined
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'repairable-'))
  const lab = createLab({ dataDir: folder, engine: fakeEngine() })
  await addBars(lab.store)
  await lab.close()
})
afterEach(async () => {
  client?.close()
  await opened?.lab()?.close()
  rmSync(folder, { recursive: true, force: true })
})

function open(): LabClient {
  opened = openRepairable(
    () => createLab({ dataDir: folder, engine: fakeEngine() }),
    () => repairDataFolder(folder),
  )
  const api = createApi(opened.router)
  return (client = createClient(memoryLink(() => api).link))
}

it('of a damaged lab every question is answered with the damage, until it is repaired', async () => {
  truncateSync(join(folder, 'weightscape.db'))
  const lab = open()
  const damage = { code: 'corrupt', help: { action: 'repair', settings: { dataDir: folder } } }
  expect(opened!.damage).toMatchObject(damage)
  for (const ask of [() => lab.call('runs.list', { limit: 10 }), () => lab.call('preferences.set', { key: 'theme', value: 'dark' })])
    await expect(ask()).rejects.toMatchObject(damage)
  await expect(new Promise((_, reject) => lab.open('runs.watch', {}, { item: () => undefined, error: reject }))).rejects.toMatchObject(
    damage,
  )
  expect(await lab.call('system.repair', {})).toMatchObject({ datasets: 1, lost: [] })
  expect(await lab.call('datasets.list', {})).toMatchObject([{ name: 'bars' }])
  await expect(lab.call('system.repair', {})).rejects.toMatchObject({ code: 'conflict' })
})

it('what no repair would help with is thrown', async () => {
  const lab = createLab({ dataDir: folder, engine: fakeEngine() })
  expect(open).toThrow(expect.objectContaining({ code: 'conflict' }) as Error)
  opened = undefined
  await lab.close()
})
