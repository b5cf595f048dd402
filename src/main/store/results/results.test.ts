import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openStore } from '../open-store.ts'
import { inFolder, sampleRun, sampleState } from '../testing/samples.ts'

test('results of any kind, networks and reports come back as they were', () =>
  inFolder(async (folder) => {
    const store = openStore(join(folder, 'data'))
    const { id: run, dataset } = await sampleRun(store)
    const { hash: checkpoint } = await store.checkpoints.save(run, sampleState(1), 'periodic')
    const about = { run, step: 1, checkpoint, seed: 3, count: 2, networks: null, dataset, split: 'test' as const, images: 4, options: {} }
    const training = { ...about, checkpoint: null, seed: null, split: 'validation' as const }
    const result = { n: 2, mean: 0.1 + 0.2, accuracies: [0, 1] }
    store.results.add({ ...training, kind: 'evaluation', result: { n: 1 } })
    // A run that went on from an earlier checkpoint comes by the same step again.
    store.results.add({ ...training, kind: 'evaluation', result })
    const evaluation = store.results.add({ ...about, kind: 'evaluation', result })
    const validation = store.results.add({ ...about, kind: 'evaluation', split: 'validation', result })
    // Nor does that touch what was made of its checkpoint.
    store.results.add({ ...training, kind: 'evaluation', result })
    const vote = store.results.add({ ...about, kind: 'ensemble', count: 3, networks: [0, 2, 5], options: { sizes: [1] }, result: { n: 3 } })
    const arrays = { weights: { shape: [3], data: Float32Array.of(1, 2, 3) }, points: { shape: [2, 2], data: Float32Array.of(1, 2, 3, 4) } }
    const row = { ...about, kind: 'of-the-future', result: { deep: [{ x: null }] } }
    const future = store.results.add(row, await store.results.write(row, arrays))
    store.networks.bookmark({ run, checkpoint, seed: 3, index: 1, label: 'good', accuracy: 0.75 })
    store.networks.bookmark({ run, checkpoint, seed: 3, index: 1, label: 'better', accuracy: null })
    // Earlier by step, though made later.
    const earlier = store.results.add({ ...about, step: 0, kind: 'ensemble', result: {} })
    const path = store.artefacts.place(run, 'weights.npz')
    const weights = 'weights'.repeat(200_000)
    writeFileSync(path, weights)
    const before = store.used().other
    const artefact = await store.artefacts.keep(run, path, { name: 'weights.npz', type: 'application/x-npz', checked: null })
    expect(store.used().other - before).toBeGreaterThanOrEqual(weights.length)
    const report = await store.reports.write(run, 'md', join(folder, 'out', 'report.md'), '# Report\n')
    expect(store.used().other).toBeGreaterThan(arrays.points.data.byteLength)
    store.close()

    const again = openStore(join(folder, 'data'))
    expect(again.opening.swept).toEqual([])
    expect(again.results.list(run)).toHaveLength(6)
    expect(again.results.list(run, { during: false })).toEqual([earlier, evaluation, validation, vote, future])
    expect(again.results.ofRuns([run, 'nobody'])).toEqual(new Map([[run, [earlier, evaluation, validation, vote, future]]]))
    expect(again.artefacts.list(run)).toEqual([artefact])
    expect(readFileSync(artefact.path, 'utf8') === weights).toBe(true)
    expect(again.results.list(run, { kind: 'evaluation', during: true })).toMatchObject([{ checkpoint: null, split: 'validation', result }])
    expect(again.results.list(run, { kind: 'of-the-future' })).toEqual([future])
    expect(again.results.get(run, vote.id)).toEqual(vote)
    expect(() => again.results.get(run, 99)).toThrow(expect.objectContaining({ code: 'not-found' }) as Error)
    expect(await again.results.arrays(future)).toEqual(arrays)
    expect(await again.results.arrays(vote)).toEqual({})
    again.results.truncate(run, 0)
    expect(again.results.list(run, { during: true })).toEqual([])
    expect(again.results.list(run)).toHaveLength(5)
    expect(again.networks.list(run)).toMatchObject([{ index: 1, label: 'better', accuracy: 0.75, checkpoint, seed: 3 }])
    again.networks.forget(again.networks.list(run)[0].id)
    expect(again.networks.list(run)).toEqual([])
    expect(again.reports.list(run)).toEqual([report])
    expect(readFileSync(report.path, 'utf8')).toBe('# Report\n')
    expect(() => again.results.list('nobody')).toThrow(expect.objectContaining({ code: 'not-found' }) as Error)
    again.close()
  }))
