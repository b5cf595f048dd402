import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openStore } from '../open-store.ts'
import { inFolder, sampleRun, sampleState } from '../testing/samples.ts'

test('evaluations, ensembles, students, maps, networks and reports come back as they were', () =>
  inFolder(async (folder) => {
    const store = openStore(join(folder, 'data'))
    const { id: run, dataset, document } = await sampleRun(store)
    const { hash: checkpoint } = await store.checkpoints.save(run, sampleState(1), 'periodic')
    const about = { run, checkpoint, seed: 3, count: 2, dataset }
    const votes = { majority: 0.5, meanProbability: 0.75, mostConfident: 0.25 }
    const evaluation = {
      n: 2,
      images: 4,
      split: 'test' as const,
      mean: 0.1 + 0.2,
      std: 0,
      min: 0,
      max: 1,
      loss: 2,
      entropy: -1,
      accuracies: [0, 1],
      losses: [1, 3],
      seconds: 1,
    }
    store.evaluations.add({
      run,
      step: 1,
      checkpoint: null,
      seed: null,
      dataset,
      split: 'validation',
      result: { ...evaluation, split: 'validation' },
    })
    store.evaluations.add({ run, step: 1, checkpoint, seed: 3, dataset, split: 'test', result: evaluation })
    const ensemble = {
      n: 2,
      images: 4,
      split: 'test' as const,
      sizes: [{ size: 1, draws: 2, ...votes, low: votes, high: votes }],
      disagreement: 0.5,
      calibration: [],
      calibrationError: 0.125,
    }
    store.ensembles.add({ ...about, split: 'test', images: 4, sizes: [1], networks: [0, 2], result: ensemble })
    const distil = {
      student: 0.9,
      ensemble: 0.95,
      bestMember: 0.9,
      meanMember: 0.8,
      n: 2,
      images: 4,
      split: 'test' as const,
      steps: 10,
      seconds: 1,
      curve: [],
    }
    const weights = Float32Array.of(1, 2, 3)
    const student = await store.students.add({ ...about, target: document.target, networks: null, result: distil }, weights)
    const map = { n: 2, method: 'pca' as const, seconds: 1, klDivergence: null, explained: [0.5, 0.25] }
    const values = { accuracy: Float32Array.of(0.5, 0.75) }
    await store.maps.add({ ...about, result: map, options: { components: 2 } }, Float32Array.of(1, 2, 3, 4), values)
    store.networks.bookmark({ run, checkpoint, seed: 3, index: 1, label: 'good', accuracy: 0.75 })
    store.networks.bookmark({ run, checkpoint, seed: 3, index: 1, label: 'better', accuracy: null })
    const report = await store.reports.write(run, 'md', join(folder, 'out', 'report.md'), '# Report\n')
    store.close()

    const again = openStore(join(folder, 'data'))
    expect(again.evaluations.list(run)).toHaveLength(2)
    expect(again.evaluations.list(run, { during: false })).toMatchObject([{ result: evaluation, checkpoint }])
    expect(again.evaluations.list(run, { during: true })).toMatchObject([{ checkpoint: null, split: 'validation' }])
    expect(again.ensembles.list(run)).toMatchObject([{ result: ensemble, sizes: [1], images: 4 }])
    expect(again.students.list(run)).toEqual([student])
    expect(await again.students.weights(again.students.get(student.id))).toEqual(weights)
    const [kept] = again.maps.list(run)
    expect(kept).toMatchObject({ result: map, options: { components: 2 } })
    expect(await again.maps.read(kept)).toEqual({ coordinates: Float32Array.of(1, 2, 3, 4), values })
    expect(again.networks.list(run)).toMatchObject([{ index: 1, label: 'better', accuracy: 0.75, checkpoint, seed: 3 }])
    again.networks.forget(again.networks.list(run)[0].id)
    expect(again.networks.list(run)).toEqual([])
    expect(again.reports.list(run)).toEqual([report])
    expect(readFileSync(report.path, 'utf8')).toBe('# Report\n')
    expect(() => again.evaluations.list('nobody')).toThrow(expect.objectContaining({ code: 'not-found' }) as Error)
    again.close()
  }))
