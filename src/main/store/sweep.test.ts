/** What kills leave in a data folder: parts go, and whole files that no row names are set aside until a person erases them. */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openStore } from './open-store.ts'
import { inFolder, sampleRun, sampleState } from './testing/samples.ts'

test('of each folder of a run, files without a row are set aside, and unfinished ones go', () =>
  inFolder(async (folder) => {
    let now = 1000
    const clock = (): number => now
    const store = openStore(folder, { clock })
    const { id } = await sampleRun(store)
    const { path } = await store.checkpoints.save(id, sampleState(1), 'periodic')
    store.close()
    const own = (...parts: string[]): string => join(folder, 'runs', id, ...parts)
    const kinds = ['artefacts', 'checkpoints', 'probabilities', 'results']
    for (const kind of kinds) {
      mkdirSync(own(kind), { recursive: true })
      for (const name of ['whole', '.begun.part']) writeFileSync(own(kind, name), 'x')
    }
    writeFileSync(own('note.txt'), 'mine')
    const again = openStore(folder, { clock })
    expect(again.opening.swept).toEqual(kinds.flatMap((kind) => [`runs/${id}/${kind}/.begun.part`, `runs/${id}/${kind}/whole`]))
    expect([own('note.txt'), path, own('results', 'whole'), own('results', '.begun.part')].map((each) => existsSync(each))).toEqual([
      ...[true, true, false, false],
    ])
    expect((await again.trash.list()).map(({ name }) => name).toSorted()).toEqual([
      'cache whole',
      'checkpoint whole',
      'file whole',
      'file whole',
    ])
    again.close()
    // What was found later is told first.
    now = 2000
    writeFileSync(own('checkpoints', 'later'), 'x')
    const last = openStore(folder, { clock })
    expect(last.opening.swept).toEqual([`runs/${id}/checkpoints/later`])
    const [newest, ...older] = await last.trash.list()
    expect(newest).toMatchObject({ kind: 'orphan', name: 'checkpoint later', deletedAt: 2000, goneAt: null, bytes: 1 })
    expect(older.map(({ deletedAt }) => deletedAt)).toEqual([1000, 1000, 1000, 1000])
    last.close()
  }))
