import { colourValues } from '../../../analyses/network-values.ts'
import { ofKind } from '../../../analyses/registry.ts'
import { stat } from 'node:fs/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { demoPlan } from '../../lab/tasks/demo.ts'
import { presetDocument } from '../../lab/experiment/document.ts'
import { parseAssignment, setValues } from '../../lab/experiment/set-values.ts'
import { addDataset } from '../../store/testing/samples.ts'
import { tinyBars, tinySettings } from '../../lab/testing/tiny-data.ts'
import { openLabOverRpc } from './testing/lab-over-rpc.ts'
import type { LabOverRpc } from './testing/lab-over-rpc.ts'

let bench: LabOverRpc
beforeEach(async () => {
  bench = await openLabOverRpc()
})
afterEach(() => bench.close())

async function trained(): Promise<string> {
  const id = await bench.create()
  await bench.ended(await bench.client.call('runs.start', { id }))
  return id
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5))
}

describe('training as a task', () => {
  it('tells how it goes, and what it made', async () => {
    const { client } = bench
    const changed = await bench.items('tasks.watch', {})
    const id = await bench.create()
    const begun = await client.call('runs.start', { id })
    expect(begun).toMatchObject({ kind: 'train', run: id, command: `npm run lab -- resume ${id}`, endedAt: null })
    const task = await bench.ended(begun)
    expect(task).toMatchObject({
      state: 'done',
      stage: 'Finished: 20 steps',
      done: 20,
      total: 20,
      error: null,
      made: [{ kind: 'run', id }],
    })
    expect(task.values.loss).toBeTypeOf('number')
    await until(() => changed.some((item) => item.changed.some(({ state }) => state === 'done')))
    const { run, checkpoints, commands } = await client.call('runs.get', { id })
    expect(run).toMatchObject({ state: 'finished', step: 20 })
    expect(checkpoints[0]).toMatchObject({ step: 20, reason: 'finished' })
    expect(commands[0]).toContain('train --preset mnist-quick --data bars')
    await expect(client.call('runs.start', { id })).rejects.toMatchObject({ code: 'conflict' })
  })

  it('waits for its turn as queued, and leaves the queue as it was', async () => {
    const { client, engine } = bench
    const [first, second] = [await bench.create(), await bench.create()]
    let held = false
    let states: string[] = []
    engine.faults.onStep = (step) => {
      if (step === 3) states = bench.lab.runs.list().map(({ state }) => state)
      if (step >= 4 && held) {
        held = false
        bench.lab.runs.pause(second)
      }
    }
    const running = await client.call('runs.start', { id: first })
    const waiting = await client.call('runs.start', { id: second })
    held = true
    expect((await bench.ended(waiting)).state).toBe('cancelled')
    expect((await bench.ended(running)).state).toBe('done')
    expect(states).toEqual(['queued', 'training'])
    expect((await client.call('runs.get', { id: second })).run).toMatchObject({ state: 'queued', step: 0, error: null })
  })

  it('pauses, stops for good, and says so', async () => {
    const { client, engine } = bench
    const id = await bench.create()
    let ask: 'pause' | 'stop' = 'pause'
    engine.faults.onStep = (step) => {
      if (step === 6 || step === 12) bench.lab.runs[ask](id)
    }
    const paused = await bench.ended(await client.call('runs.start', { id }))
    expect(paused).toMatchObject({ state: 'done', stage: 'Paused at step 6' })
    ask = 'stop'
    await bench.ended(await client.call('runs.start', { id }))
    const { run, checkpoints } = await client.call('runs.get', { id })
    expect(run).toMatchObject({ state: 'stopped', step: 12 })
    expect(checkpoints[0]).toMatchObject({ step: 12, reason: 'stopped' })
    await expect(client.call('runs.pause', { id })).rejects.toMatchObject({ code: 'conflict' })
    await expect(client.call('runs.start', { id })).rejects.toMatchObject({ code: 'conflict' })
  })

  it('can be cancelled, and fails with an error that is not thrown at anybody', async () => {
    const { client, engine } = bench
    const id = await bench.create()
    engine.faults = { dieAfter: 7 }
    expect(await bench.ended(await client.call('runs.start', { id }))).toMatchObject({ state: 'failed', error: { code: 'engine-lost' } })
    engine.faults = {
      onStep: () => {
        for (const { id: running, endedAt } of bench.lab.tasks.list()) if (endedAt === null) bench.lab.tasks.cancel(running)
      },
    }
    const task = await client.call('runs.start', { id })
    expect(await bench.ended(task)).toMatchObject({ state: 'cancelled', error: { code: 'cancelled' } })
    expect((await client.call('runs.get', { id })).run.state).toBe('interrupted')
    await expect(client.call('tasks.cancel', { id: 'nobody' })).rejects.toMatchObject({ code: 'not-found' })
  })
})

describe('the demo as a task', () => {
  const plan = () => ({
    ...demoPlan,
    data: 'bars',
    from: { document: setValues(presetDocument('mnist-quick'), tinySettings.map(parseAssignment)) },
    networks: 6,
    images: 10,
    sizes: [1, 3, 6],
    mapped: 8,
    mapImages: 5,
    teachers: 3,
  })

  it('tells its stages, and lists what it made as it is there', async () => {
    const changed = await bench.items('tasks.watch', {})
    const all: { done: number; total: number; state: string }[] = []
    bench.lab.tasks.subscribe({ changed: (id) => all.push(bench.lab.tasks.get(id)) })
    const task = await bench.ended(bench.lab.start.demo(plan()))
    expect(task).toMatchObject({ state: 'done', error: null })
    const { run } = task
    expect(task.made.map(({ kind }) => kind)).toEqual(['run', 'evaluation', 'ensemble', 'map', 'distillation', 'artefact', 'artefact'])
    expect(task.made[0].id).toBe(run)
    const files = await bench.client.call('artefacts.list', { run: run! })
    expect(files.map(({ name }) => name).sort()).toEqual([`report-${run}.html`, `report-${run}.pdf`])
    await until(() => changed.some((item) => item.changed.some(({ state }) => state === 'done')))
    const told = changed.flatMap((item) => item.changed)
    expect(told.every(({ stage }) => stage !== '')).toBe(true)
    // How far it is, is of the whole: never less than before, and not all before the last stage.
    const partsOf = (tasks: typeof all) =>
      tasks.flatMap(({ done, total, state }) => (state === 'running' && total > 0 ? [done / total] : []))
    for (const parts of [partsOf(told), partsOf(all)]) expect(parts).toEqual(parts.toSorted((a, b) => a - b))
    // What is told leaves out what is overtaken on the way, on a busy machine nearly all.
    const parts = partsOf(all)
    expect(parts.filter((part) => part > 1 / 6 && part < 5 / 6).length).toBeGreaterThan(0)
  })

  it('goes on with its whole chain when its run is resumed, and a run that is no demo does not', async () => {
    const own = await openLabOverRpc({ demo: plan() })
    own.engine.faults.onStep = (step) => {
      if (step === 8) for (const { id, state } of own.lab.runs.list()) if (state === 'training') own.lab.runs.pause(id)
    }
    const { run } = await own.ended(own.lab.start.demo())
    const other = await own.ended(await own.client.call('runs.start', { id: await own.create() }))
    own.engine.faults = {}
    const resumed = await own.ended(await own.client.call('runs.start', { id: run! }))
    expect(resumed).toMatchObject({ kind: 'demo', state: 'done', run })
    expect(resumed.made.map(({ kind }) => kind)).toEqual(['run', 'evaluation', 'ensemble', 'map', 'distillation', 'artefact', 'artefact'])
    expect(await own.ended(await own.client.call('runs.start', { id: other.run! }))).toMatchObject({ kind: 'train' })
    await own.close()
  })

  it('is paused with its run, and goes on', async () => {
    const { engine, lab } = bench
    engine.faults.onStep = (step) => {
      if (step === 8) for (const { id, state } of lab.runs.list()) if (state === 'training') lab.runs.pause(id)
    }
    const first = await bench.ended(lab.start.demo(plan()))
    expect(first).toMatchObject({ state: 'done', stage: expect.stringMatching(/^Paused at step 8: the demo goes on/) as string })
    engine.faults = {}
    const second = await bench.ended(lab.start.demo(plan()))
    expect(second).toMatchObject({ state: 'done', run: first.run })
  })
})

describe('metrics', () => {
  it('come as they are measured, the sampled ones too, and none is missing between store and stream', async () => {
    const { client, engine } = bench
    const id = await bench.create()
    const late: number[] = []
    engine.faults.onStep = (step) => {
      if (step !== 9) return
      client.open('metrics.watch', { run: id, names: ['loss'], from: 0 }, { item: ({ series }) => late.push(...series[0].steps) })
    }
    const items = await bench.items('metrics.watch', { run: id })
    await bench.ended(await client.call('runs.start', { id }))
    const of = (name: string) => items.flatMap(({ series }) => series.filter((one) => one.name === name))
    const steps = (name: string) => of(name).flatMap((one) => [...one.steps])
    await until(() => late.at(-1) === 20 && steps('loss').at(-1) === 20 && steps('sampled.mean').at(-1) === 20)
    expect(late).toEqual(Array.from({ length: 20 }, (_, i) => i + 1))
    expect(steps('loss')).toEqual(late)
    expect(steps('sampled.mean')).toEqual([5, 10, 15, 20])
    expect(await client.call('metrics.names', { run: id })).toContain('sampled.entropy')
    const [read] = await client.call('metrics.read', { run: id, names: ['loss'] })
    expect([...read.steps]).toEqual(late)
    expect([...read.values]).toEqual(of('loss').flatMap((one) => [...one.values]))
    const [thin] = await client.call('metrics.read', { run: id, names: ['loss'], from: 3, to: 19, maxPoints: 10 })
    expect([thin.steps[0], thin.steps.at(-1)]).toEqual([3, 19])
    expect(thin.steps.length).toBeLessThanOrEqual(10)
  })

  it('pass over the older ones for a listener that does not listen, and say so', async () => {
    const { lab } = bench
    const id = await bench.create()
    const { routerOf } = await import('./router.ts')
    const source = await routerOf(lab).streams['metrics.watch']({ run: id }, { changed: () => undefined, fail: () => undefined })
    for (let step = 0; step < 20_000; step++) lab.live.points(id, [{ step, name: 'loss', value: step, at: 0 }])
    const item = await source.take()
    expect(item?.gap).toBe(true)
    expect(item?.series[0].steps.length).toBeLessThanOrEqual(4096)
    expect(item?.series[0].steps.at(-1)).toBe(19_999)
    expect(await source.take()).toBeUndefined()
    source.close()
  })

  it('show filters while they change, and of a checkpoint after', async () => {
    const { client, engine } = bench
    const id = await bench.create()
    const items = await bench.items('filters.watch', { run: id })
    await bench.ended(await client.call('runs.start', { id }))
    await until(() => items.at(-1)?.step === 20)
    expect(items[0].values.length).toBe(2 * 2 * 9)
    engine.ran.length = 0
    // What its training told of its last step needs no engine.
    for (const newest of [{}, { at: 20 }]) expect(await client.call('filters.read', { run: id, ...newest })).toEqual(items.at(-1))
    expect(engine.ran).toEqual([])
    const at = bench.lab.store.checkpoints.list(id).find(({ step }) => step < 20)!.step
    const filters = await client.call('filters.read', { run: id, at })
    expect(filters).toMatchObject({ step: at, networks: 4, filters: 2, kernel: 3, channels: 1 })
    expect(filters.values.length).toBe(4 * 2 * 9)
    expect(await client.call('filters.read', { run: id, at })).toEqual(filters)
    expect(engine.ran).toEqual(['sample'])
    const one = await client.call('networks.filters', { run: id, index: 1, at })
    expect(one.values).toEqual(filters.values.slice(18, 36))
  })
})

describe('runs', () => {
  it('change before the eyes of who watches, go, and come back', async () => {
    const { client } = bench
    const items = await bench.items('runs.watch', {})
    const id = await trained()
    await until(() => items.some(({ changed }) => changed.some((run) => run.id === id && run.state === 'finished')))
    const edited = await client.call('runs.edit', { id, name: ' A name ', note: 'A note', tags: ['one'] })
    expect(edited).toMatchObject({ id, name: 'A name', note: 'A note', tags: ['one'] })
    await client.call('runs.remove', { ids: [id] })
    await until(() => items.some(({ removed }) => removed.includes(id)))
    expect(await client.call('runs.list', {})).toEqual([])
    await expect(client.call('metrics.names', { run: id })).rejects.toMatchObject({ code: 'not-found' })
    await client.call('runs.restore', { ids: [id] })
    await until(() => items.at(-1)?.changed.some((run) => run.id === id) === true)
    expect(await client.call('runs.list', {})).toMatchObject([{ id, name: 'A name' }])
  })

  it('are compared by what differs', async () => {
    const { client } = bench
    const [a, b] = [await trained(), await bench.create('method.lambda=10', 'seed=3')]
    await bench.ended(await client.call('analyses.start', { kind: 'evaluation', run: a, count: 4, split: 'validation' }))
    const { settings, columns, results } = await client.call('runs.compare', { ids: [a, b] })
    expect(settings).toEqual([
      { key: 'method.lambda', values: [1000, 10] },
      { key: 'seed', values: [8734, 3] },
    ])
    expect(results).toMatchObject([
      { run: a, facts: [{ label: 'lambda', value: 1000 }], step: 20 },
      { run: b, facts: [{ label: 'lambda', value: 10 }], mean: null, values: [null, null, null, null] },
    ])
    // What nobody has asked of them has no column.
    expect(columns.map(({ label }) => label)).toEqual(['Mean network', 'Best network', 'Loss', 'Entropy'])
    expect(results[0].values[0]).toEqual({
      value: results[0].mean,
      interval: null,
      why: expect.stringContaining('no interval') as string,
      note: expect.stringMatching(/^4 networks on \d+ validation images$/) as string,
    })
    expect(results[0].mean).toBeGreaterThan(0.8)
  })

  it('of several data sets say which one a figure is of: as many images of another are no basis for "best"', async () => {
    const { client, lab } = bench
    const bars = tinyBars()
    await addDataset(lab.store, { ...bars, images: bars.images.map((value) => 255 - value) }, 'dark bars')
    const { id } = await lab.runs.create({ from: 'mnist-quick', data: 'dark bars', settings: tinySettings.map(parseAssignment) })
    const ids = [await trained(), id]
    await bench.ended(await client.call('runs.start', { id }))
    for (const run of ids)
      await bench.ended(await client.call('analyses.start', { kind: 'evaluation', run, count: 4, split: 'validation' }))
    const { results } = await client.call('runs.compare', { ids })
    expect(results.map(({ values }) => values[0]?.note)).toEqual(
      ['bars', 'dark bars'].map((name) => expect.stringMatching(new RegExp(`validation images of ${name}$`)) as string),
    )
  })

  it('are planned before they are made', async () => {
    const { client } = bench
    const settings = [{ key: 'method.lambda', value: 7 }]
    const guess = await client.call('experiments.plan', { from: 'mnist-quick', data: 'bars', settings })
    expect(guess.differs).toEqual([{ key: 'method.lambda', value: 7, preset: 1000 }])
    expect(guess.command).toBe('npm run lab -- train --preset mnist-quick --data bars --set method.lambda=7')
    expect(guess.estimate.basis).toContain('no run has been timed')
    for (const value of [guess.estimate.seconds, guess.estimate.memoryBytes, guess.estimate.diskBytes]) expect(value).toBeGreaterThan(0)
    const estimate = async (...more: { key: string; value: number }[]) =>
      (await client.call('experiments.plan', { from: 'mnist-quick', data: 'bars', settings: [...settings, ...more] })).estimate
    for (const [key, value] of [
      ['training.imageBatch', 4000],
      ['method.noiseBatch', 2000],
      ['method.latent', 5000],
    ] as const) {
      expect((await estimate({ key, value })).memoryBytes, key).toBeGreaterThan(guess.estimate.memoryBytes + 1e5)
      expect((await estimate({ key, value })).seconds, key).toBeGreaterThan(guess.estimate.seconds)
    }
    const [often, rarely] = [await estimate({ key: 'evaluation.every', value: 1 }), await estimate({ key: 'evaluation.every', value: 0 })]
    expect(often.seconds).toBeGreaterThan(1.2 * rarely.seconds)
    expect(often.diskBytes).toBeGreaterThan(rarely.diskBytes)
    await expect(client.call('experiments.plan', { from: 'mnist-quik' })).rejects.toMatchObject({ code: 'invalid-argument' })
    const presets = await client.call('presets.list', {})
    for (const { title, description } of presets) expect([title, description].every((words) => words.length >= 4)).toBe(true)
  })

  it('keep a checkpoint that a person wants', async () => {
    const id = await trained()
    expect(await bench.client.call('checkpoints.pin', { run: id, step: 15, pinned: true })).toMatchObject({ step: 15, pinned: true })
    await expect(bench.client.call('checkpoints.pin', { run: id, step: 14, pinned: true })).rejects.toMatchObject({ code: 'not-found' })
  })
})

describe('networks', () => {
  it('have a card once they are tested, and are kept by name', async () => {
    const { client } = bench
    const id = await trained()
    const choice = { run: id, index: 3, split: 'test', images: 15 } as const
    await expect(client.call('networks.card', choice)).rejects.toMatchObject({ code: 'not-found' })
    await bench.ended(await client.call('analyses.start', { kind: 'evaluation', run: id, count: 5, split: 'test', images: 15 }))
    const card = await client.call('networks.card', choice)
    expect(card).toMatchObject({ run: id, step: 20, index: 3, images: 15, filters: null, classNames: ['left', 'middle', 'right'] })
    expect(card.confusion.reduce((a, b) => a + b, 0)).toBe(15)
    expect(card.confusion[0] + card.confusion[4] + card.confusion[8]).toBe(Math.round(card.accuracy * 15))
    const { pictures, probability, predicted } = card.worst
    expect(probability).toEqual(probability.toSorted((a, b) => a - b))
    expect(predicted.length).toBe(15)
    const [first] = pictures.indices
    expect(first).toBeGreaterThanOrEqual(130)
    const own = await client.call('datasets.pictures', { hash: (await client.call('datasets.get', { id: 'bars' })).hash, indices: [first] })
    expect(pictures.pixels.slice(0, 36)).toEqual(own.pixels)
    await client.call('networks.filters', { run: id, index: 3 })
    expect((await client.call('networks.card', choice)).filters?.networks).toBe(1)
    const kept = await client.call('networks.bookmark', { run: id, index: 3, label: 'a good one' })
    const [evaluation] = ofKind((await client.call('runs.get', { id })).results, 'evaluation')
    expect(kept).toMatchObject({ index: 3, accuracy: evaluation.result.accuracies[3] })
    expect(await client.call('networks.bookmarks', { run: id })).toEqual([kept])
    await client.call('networks.removeBookmark', { id: kept.id })
    expect(await client.call('networks.bookmarks', { run: id })).toEqual([])
  })

  it('chosen by hand vote and teach', async () => {
    const { client } = bench
    const id = await trained()
    const chosen = { run: id, networks: [5, 2, 2, 7], split: 'validation' as const, images: 10 }
    const vote = await bench.ended(await client.call('analyses.start', { kind: 'ensemble', ...chosen, options: { sizes: [1, 3] } }))
    expect(vote.command).toContain('--networks 2,5,7')
    const tooLarge = client.call('analyses.start', { kind: 'ensemble', ...chosen, options: { sizes: [4] } })
    await expect(tooLarge).rejects.toMatchObject({ code: 'invalid-argument' })
    const taught = await bench.ended(
      await client.call('analyses.start', { kind: 'distillation', ...chosen, count: 3, options: { steps: 5 } }),
    )
    expect(taught.made[0].kind).toBe('distillation')
    const { results } = await client.call('runs.get', { id })
    expect(ofKind(results, 'ensemble')).toMatchObject([{ id: Number(vote.made[0].id), networks: [2, 5, 7], count: 3 }])
    expect(ofKind(results, 'distillation')).toMatchObject([{ networks: [2, 5, 7], count: 3 }])
  })

  it('are mapped before the eyes of who watches', async () => {
    const { client } = bench
    const id = await trained()
    const task = await client.call('analyses.start', { kind: 'map', run: id, count: 9, split: 'validation', images: 10 })
    const drafts = await bench.items('analyses.watch', { task: task.id })
    const { made } = await bench.ended(task)
    expect(drafts.at(-1)?.arrays['coordinates'].data.length).toBe(18)
    const { arrays } = await client.call('results.arrays', { run: id, id: Number(made[0].id) })
    expect(arrays['coordinates']).toMatchObject({ shape: [9, 2] })
    expect(Object.keys(colourValues(arrays)).sort()).toEqual(['accuracy', 'disagreement', 'loss', 'nearest', 'norm'])
    await expect(client.call('results.arrays', { run: id, id: 99 })).rejects.toMatchObject({ code: 'not-found' })
  })
})

describe('results of a kind that only a newer version knows', () => {
  it('are told of in a sentence each, and stand in nobody’s way', async () => {
    const { client, lab } = bench
    const id = await trained()
    await bench.ended(await client.call('analyses.start', { kind: 'evaluation', run: id, count: 4, split: 'validation' }))
    const [known] = lab.store.results.list(id, { during: false })
    const { id: unknown } = lab.store.results.add({ ...known, kind: 'path', options: { bends: 2 }, result: { length: 1 } })
    const { results, unknownResults, commands } = await client.call('runs.get', { id })
    expect(results.map(({ kind }) => kind)).toEqual(['evaluation'])
    expect(unknownResults).toMatchObject([{ id: unknown, kind: 'path', sentence: expect.stringContaining('newer version') as string }])
    expect(commands.at(-2)).toContain(' evaluate latest -n 4 ')
    expect((await bench.ended(await client.call('reports.start', { run: id, formats: ['md'] }))).state).toBe('done')
    await expect(client.call('analyses.start', { kind: 'path', run: id, count: 3 })).rejects.toMatchObject({
      code: 'invalid-argument',
      remedy: expect.stringContaining('evaluation, ensemble') as string,
    })
  })
})

describe('files to take away', () => {
  it('are made by tasks, listed, and removed', async () => {
    const { client, lab } = bench
    const id = await trained()
    await bench.ended(await client.call('analyses.start', { kind: 'distillation', run: id, count: 3, split: 'validation' }))
    const made: string[] = []
    for (const begin of [
      () => client.call('samples.start', { run: id, count: 5, format: 'npz' }),
      () => client.call('exports.start', { run: id, what: 'student', format: 'tfjs' }),
      () => client.call('exports.start', { run: id, what: { network: 2 }, format: 'onnx' }),
      () => client.call('reports.start', { run: id, formats: ['html', 'md'] }),
    ]) {
      const ended = await bench.ended(await begin())
      expect(ended).toMatchObject({ state: 'done' })
      made.push(...ended.made.map((one) => one.id))
    }
    const files = await client.call('artefacts.list', { run: id })
    expect(files.map((file) => file.id).reverse()).toEqual(made)
    expect(files.map((file) => file.name).reverse()).toEqual([
      `${id}-5-networks.npz`,
      `${id}-student-tfjs.zip`,
      `${id}-network-2.onnx`,
      `report-${id}.html`,
      `report-${id}-md.zip`,
    ])
    expect(files.filter(({ checked }) => checked !== null).map(({ name }) => name)).toEqual([
      `${id}-network-2.onnx`,
      `${id}-student-tfjs.zip`,
    ])
    for (const file of files) expect((await stat(lab.artefacts.file(file.id).path)).size).toBe(file.bytes)
    const { path } = lab.artefacts.file(made[0])
    await client.call('artefacts.remove', { id: made[0] })
    await expect(stat(path)).rejects.toThrow('ENOENT')
    await expect(client.call('artefacts.remove', { id: made[0] })).rejects.toMatchObject({ code: 'not-found' })
  })

  it('show a report before it is written', async () => {
    const id = await trained()
    const { html } = await bench.client.call('reports.preview', { run: id })
    expect(html).toContain(id)
    expect(html).not.toContain('<script')
  })
})

describe('the rest', () => {
  it('data sets are renamed, removed and restored, and show their pictures', async () => {
    const { client } = bench
    const items = await bench.items('datasets.watch', {})
    const [{ hash }] = await client.call('datasets.list', {})
    await client.call('datasets.rename', { hash, name: 'Bars of light' })
    await until(() => items.at(-1)?.changed[0]?.name === 'Bars of light')
    await client.call('datasets.remove', { hash })
    await until(() => items.at(-1)?.removed[0] === hash)
    expect(await client.call('datasets.list', {})).toEqual([])
    const { suggestedSplit, ...restored } = await client.call('datasets.restore', { hash })
    expect(restored).toMatchObject({ name: 'Bars of light' })
    const balance = await client.call('datasets.balance', { hash })
    expect(balance.map(({ name }) => name)).toEqual(['left', 'middle', 'right'])
    expect(balance.reduce((sum, { train, validation, test }) => sum + train + validation + test, 0)).toBe(150)
    const pictures = await client.call('datasets.pictures', { hash, split: 'validation', class: 1, offset: 1, count: 3 })
    expect([...pictures.labels]).toEqual([1, 1, 1])
    expect(pictures.indices[0]).toBeGreaterThan(110)
    expect(pictures.pixels.length).toBe(3 * 36)
    const few = await client.call('datasets.pictures', { hash, perClass: 2 })
    expect([...few.labels]).toEqual([0, 0, 1, 1, 2, 2])
    expect(few.pixels.length).toBe(6 * 36)
    expect(Math.max(...few.indices)).toBeLessThan(suggestedSplit.train)
    expect(await client.call('datasets.pictures', { hash, perClass: 2 })).toEqual(few)
    const other = await client.call('datasets.pictures', { hash, perClass: 3, split: 'test' })
    expect(Math.min(...other.indices)).toBeGreaterThanOrEqual(suggestedSplit.train)
    await expect(client.call('datasets.pictures', { hash, indices: [150] })).rejects.toMatchObject({ code: 'invalid-argument' })
  })

  it('knows the machine, its load and what the person prefers', async () => {
    const { client, folder } = bench
    const info = await client.call('system.info', {})
    expect(info).toMatchObject({ version: '1.2.3', program: 'npm run lab --', mended: [] })
    expect(info.dataDir.startsWith(folder)).toBe(true)
    expect(info.used.datasets).toBe(150 * 37)
    expect(info.free).toBeGreaterThan(0)
    const loads = await bench.items('system.load', {})
    await until(() => loads.length > 0)
    expect(loads[0].memoryTotal).toBeGreaterThan(loads[0].memoryUsed)
    await client.call('preferences.set', { key: 'theme', value: { dark: true, zoom: [1, 2] } })
    expect(await client.call('preferences.get', {})).toEqual({ theme: { dark: true, zoom: [1, 2] } })
  })

  it('clears caches, which are made again', async () => {
    const { client, engine } = bench
    const id = await trained()
    await bench.ended(await client.call('analyses.start', { kind: 'evaluation', run: id, count: 4, split: 'validation' }))
    expect(await client.call('system.clearCaches', {})).toEqual({ bytes: 4 * 20 * 3 * 4 })
    expect((await client.call('system.info', {})).used.caches).toBe(0)
    engine.ran.length = 0
    await bench.ended(await client.call('analyses.start', { kind: 'ensemble', run: id, options: { sizes: [2, 4] }, split: 'validation' }))
    expect(engine.ran).toEqual(['evaluate', 'ensemble'])
  })

  it('says what is worth a line', async () => {
    bench.lab.notes.add({ at: 5, level: 'warn', message: 'Careful.' })
    const items = await bench.items('system.notes', {})
    await until(() => items.length > 0)
    expect(items[0].notes).toEqual([{ at: 5, level: 'warn', message: 'Careful.' }])
  })
})

describe('the log of a run', () => {
  it('comes whole, and goes on line by line', async () => {
    const { client } = bench
    const id = await trained()
    const lines = await client.call('events.list', { run: id })
    expect(lines.map(({ text }) => text)).toEqual(expect.arrayContaining(['Created', 'Training began', 'Checkpoint', 'Finished']))
    expect(lines.map(({ id: line }) => line)).toEqual(lines.map(({ id: line }) => line).toSorted((a, b) => a - b))
    const [first, second] = lines
    expect(await client.call('events.list', { run: id, before: second.id })).toEqual([first])
    const came = await bench.items('events.watch', { run: id, after: lines.at(-1)!.id })
    const { id: fork } = await client.call('runs.fork', { id, settings: [{ key: 'training.steps', value: 40 }], start: false })
    await until(() => came.length > 0)
    expect(came.flat()).toMatchObject([{ kind: 'fork', step: 20, text: `Forked as ${fork}` }])
  })
})

describe('the trash', () => {
  it('lists what was removed, and restores or erases it', async () => {
    const { client } = bench
    const [first, second] = [await trained(), await trained()]
    await client.call('runs.remove', { ids: [first, second] })
    const listed = await client.call('trash.list', {})
    expect(listed.map(({ kind, id }) => `${kind} ${id}`).toSorted()).toEqual([`run ${first}`, `run ${second}`].toSorted())
    const { bytes } = listed.find(({ id }) => id === first)!
    expect(bytes).toBeGreaterThan(0)
    expect(await client.call('trash.erase', { runs: [first], datasets: [] })).toEqual({ bytes })
    await client.call('runs.restore', { ids: [second] })
    expect(await client.call('trash.list', {})).toEqual([])
    await expect(client.call('runs.restore', { ids: [first] })).rejects.toMatchObject({ code: 'not-found' })
    expect((await client.call('runs.get', { id: second })).run.id).toBe(second)
  })
})
