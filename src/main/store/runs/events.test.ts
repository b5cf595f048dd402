import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { LabError } from '../../../shared/errors.ts'
import { openDatabase } from '../database/database.ts'
import { migrate } from '../database/migrate.ts'
import { migrations } from '../database/migrations/index.ts'
import { databaseName } from '../files/folders.ts'
import { openStore } from '../open-store.ts'
import { toChecksummedJson } from '../files/checksummed-json.ts'
import { inFolder, sampleDataset, sampleDocument, sampleRun, sampleState } from '../testing/samples.ts'
import type { Store } from '../open-store.ts'

/** Step and text of each line. */
const linesOf = (store: Store, run: string): [number | null, string][] => store.events.list(run).map(({ step, text }) => [step, text])

test('what happens to a run is written down with it, and is there after it was opened anew', () =>
  inFolder(async (folder) => {
    let now = 1000
    const clock = (): number => ++now
    const store = openStore(folder, { clock })
    const { id } = await sampleRun(store)
    await store.checkpoints.save(id, sampleState(5), 'paused')
    store.runs.move(id, 'paused', { step: 5 })
    store.runs.move(id, 'queued')
    store.runs.move(id, 'paused', { asBefore: true })
    store.runs.move(id, 'training', { step: 5 })
    const fork = store.runs.create({ document: sampleDocument(store.runs.get(id).dataset), parent: { run: id, step: 5 } })
    store.runs.progress(id, 7)
    store.close()

    const again = openStore(folder, { clock })
    expect(linesOf(again, id)).toEqual([
      [null, 'Created'],
      [0, 'Training began'],
      [5, 'Checkpoint'],
      [5, 'Paused'],
      [5, 'Training went on'],
      [5, `Forked as ${fork.id}`],
      [7, 'Interrupted: Weightscape had ended while it trained'],
    ])
    expect(linesOf(again, fork.id)).toEqual([[5, `Forked from ${id}`]])
    const lines = again.events.list(id)
    expect(lines.map(({ at }) => at)).toEqual(lines.map(({ at }) => at).toSorted((a, b) => a - b))
    again.close()
  }))

test('why a run ended badly, and which checkpoint was found damaged, is told with its level', () =>
  inFolder(async (folder) => {
    const store = openStore(folder)
    const { id } = await sampleRun(store)
    const { path } = await store.checkpoints.save(id, sampleState(1), 'periodic')
    store.runs.move(id, 'failed', { step: 3, error: { code: 'diverged', message: 'The loss is NaN.', remedy: 'Fork it.' } })
    writeFileSync(path, 'not a checkpoint')
    await expect(store.checkpoints.at(id, 1)).rejects.toMatchObject({ code: 'corrupt' })
    await expect(store.checkpoints.at(id, 1)).rejects.toMatchObject({ code: 'corrupt' })
    const [failed, damaged, ...more] = store.events.list(id).slice(-2)
    expect(failed).toMatchObject({ level: 'bad', step: 3, kind: 'state', text: 'Failed: The loss is NaN. Fork it.' })
    expect(damaged).toMatchObject({ level: 'bad', step: 1, kind: 'warning' })
    expect(more).toEqual([])
    store.close()
  }))

test('lines are read by parts, from the newest on', () =>
  inFolder(async (folder) => {
    const store = openStore(folder)
    const { id } = await sampleRun(store)
    const heard: string[] = []
    store.onChange(({ kind, id: run }) => kind === 'event' && heard.push(run))
    for (let i = 0; i < 10; i++) store.events.add(id, { kind: 'result', text: `line ${i}` })
    expect(heard).toEqual(new Array(10).fill(id))
    const newest = store.events.list(id, { limit: 3 })
    expect(newest.map(({ text }) => text)).toEqual(['line 7', 'line 8', 'line 9'])
    expect(store.events.list(id, { before: newest[0].id, limit: 2 }).map(({ text }) => text)).toEqual(['line 5', 'line 6'])
    expect(store.events.list(id, { after: newest[1].id }).map(({ text }) => text)).toEqual(['line 9'])
    expect(() => store.events.add('nobody', { kind: 'result', text: 'x' })).toThrow(LabError)
    store.close()
  }))

test('a line is never changed, and goes with its run', () =>
  inFolder(async (folder) => {
    const store = openStore(folder)
    const { id } = await sampleRun(store)
    store.close()
    const db = openDatabase(join(folder, databaseName), { readOnly: false, slowMs: Infinity, onSlowQuery: () => undefined })
    expect(() => db.raw.exec("UPDATE event SET text = 'other'")).toThrow(/never changes/)
    db.raw.prepare('DELETE FROM run WHERE id = ?').run(id)
    expect(db.raw.prepare('SELECT count(*) FROM event').pluck().get()).toBe(0)
    db.close()
  }))

test('runs from before the log get what their rows still tell, in its order', () =>
  inFolder((folder) => {
    const db = openDatabase(join(folder, databaseName), { readOnly: false, slowMs: Infinity, onSlowQuery: () => undefined })
    migrate(db, migrations.slice(0, 3), 0)
    const { source, classNames, suggestedSplit } = sampleDataset()
    const hash = 'aa'.repeat(32)
    db.raw
      .prepare('INSERT INTO dataset VALUES (?, ?, 24, 4, 4, 1, 3, 408, ?, 5, NULL)')
      .run(hash, 'old', toChecksummedJson({ classNames, suggestedSplit, source }))
    const document = toChecksummedJson(sampleDocument(hash))
    db.raw
      .prepare(
        `INSERT INTO run (id, name, state, step, document, preset, steps, dataset, tags, created_at, started_at, updated_at, ended_at)
         VALUES ('calm-otter', 'calm-otter', 'finished', 9, ?, 'mnist-quick', 9, ?, ?, 10, 20, 50, 50)`,
      )
      .run(document, hash, toChecksummedJson([]))
    db.raw.exec(`INSERT INTO checkpoint (run, step, hash, reason, bytes, path, created_at) VALUES (1, 4, 'h', 'periodic', 1, 'p', 30)`)
    db.close()
    const store = openStore(folder)
    expect(store.events.list('calm-otter').map(({ at, step, text }) => [at, step, text])).toEqual([
      [10, null, 'Created'],
      [20, null, 'Training began'],
      [30, 4, 'Checkpoint'],
      [50, 9, 'Finished'],
    ])
    store.close()
  }))
