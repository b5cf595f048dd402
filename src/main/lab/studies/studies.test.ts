import { existsSync } from 'node:fs'
import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { arithmeticOf } from '../../../shared/arithmetic.ts'
import type { Plan } from '../../../shared/contract/runs.ts'
import type { Experiment } from '../../../shared/experiment.ts'
import { LabError } from '../../../shared/errors.ts'
import type { Study } from '../../../shared/study.ts'
import { meanOf } from '../../../shared/statistics/moments.ts'
import { openStore } from '../../store/open-store.ts'
import { openLabBench, until } from '../testing/lab-bench.ts'
import type { LabBench } from '../testing/lab-bench.ts'
import { studyFile } from './files.ts'

let bench: LabBench
beforeEach(async () => {
  bench = await openLabBench()
})
afterEach(() => bench.close())

const small: Study = {
  version: 1,
  presets: ['mnist-quick', 'mnist-ensemble'],
  data: 'bars',
  settings: [{ key: 'target.layers', value: [{ kind: 'dense', units: 3, activation: 'none' }] }],
  seeds: [4, 9],
  budget: { kind: 'steps', steps: 6 },
  networks: null,
  split: 'validation',
  images: 7,
  analyses: ['evaluation', 'ensemble'],
}
const begin = async (changes: Partial<Study> = {}, name = 'small') => {
  await bench.lab.studies.keep(name, { ...small, ...changes })
  return bench.lab.studies.run(name)
}
const trained = () => bench.engine.ran.filter((kind) => kind === 'train').length

describe('a study', () => {
  it('trains each method over each seed, asks all alike, and makes nothing twice', async () => {
    await bench.lab.studies.keep('small', small)
    expect(bench.lab.studies.get('small').goesOn).toBe(true)
    const { rows, columns, done, goesOn } = await bench.lab.studies.run('small')
    expect([done, goesOn]).toEqual([4, false])
    expect(rows.map(({ preset, runs }) => [preset, runs.map(({ seed, state, steps }) => [seed, state, steps])])).toEqual(
      small.presets.map((preset) => [preset, small.seeds.map((seed) => [seed, 'finished', 6])]),
    )
    // As many networks as the method has that has fewest, on as many images as are wanted.
    for (const { run } of rows.flatMap(({ runs }) => runs)) {
      expect(bench.lab.runs.get(run).tags).toEqual(['small'])
      const asked = bench.lab.runs.details(run).results.map(({ kind, count, split, images }) => [kind, count, split, images])
      expect(asked).toEqual(small.analyses.map((kind) => [kind, 5, 'validation', 7]))
    }
    expect(rows.map(({ networks, another }) => [networks, another === null])).toEqual([
      [5, false],
      [5, true],
    ])
    const accuracy = rows.map(({ values }) => values.find(({ label }) => label === 'Mean network')!)
    expect(accuracy.map(({ found }) => found.map(({ seed }) => seed))).toEqual([small.seeds, small.seeds])
    expect(columns.find(({ label }) => label === 'Mean network')).toMatchObject({ best: 'highest', overSeeds: { seeds: 2 } })

    const before = bench.engine.ran.length
    expect((await bench.lab.studies.run('small')).rows).toEqual(rows)
    expect(bench.engine.ran.length).toBe(before)
    // What is asked beside it, of other images, is none of its values.
    for (const { run } of rows.flatMap(({ runs }) => runs)) {
      await bench.lab.analyses.run(run, { kind: 'evaluation', count: 5, split: 'test', images: 7 })
      await bench.lab.analyses.run(run, { kind: 'evaluation', count: 5, split: 'validation', images: 6 })
      await bench.lab.analyses.run(run, { kind: 'ensemble', networks: [0, 1, 2, 3, 4], split: 'validation', images: 7 })
      await bench.lab.analyses.run(run, { kind: 'ensemble', count: 5, split: 'validation', images: 7, options: { sizes: [1, 2] } })
    }
    expect(bench.lab.studies.get('small').rows).toEqual(rows)
    // Of its checkpoints the largest counts.
    const [first, second] = rows[0].runs.map(({ run }) => run)
    const sizes = new Map([
      [first, 10],
      [second, 20],
    ])
    vi.spyOn(bench.lab.store.checkpoints, 'newestSizes').mockReturnValueOnce(sizes)
    expect(bench.lab.studies.get('small').rows.map(({ bytes }) => bytes)).toEqual([20, null])
  })

  it('is gone on with where a run of it was paused, and no run that ended is trained again', async () => {
    const { lab, engine } = bench
    await lab.studies.keep('small', small)
    engine.faults.onStep = (step) => {
      if (trained() === 2 && step === 3) lab.jobs.interrupt()
    }
    await expect(lab.studies.run('small')).rejects.toMatchObject({ code: 'cancelled' })
    delete engine.faults.onStep
    expect(lab.studies.get('small')).toMatchObject({ done: 1, goesOn: true })
    expect(lab.studies.list().studies).toMatchObject([{ name: 'small', done: 1 }])
    // What is asked of it where it was paused is none of the study's values once it has gone on.
    const paused = lab.runs.list().find(({ state }) => state === 'paused')!
    await lab.analyses.run(paused.id, { kind: 'evaluation', count: 5, split: 'validation', images: 7 })
    await lab.runs.train(paused.id)
    expect(lab.studies.get('small')).toMatchObject({ done: 2, goesOn: true })
    expect(lab.studies.get('small').rows.map(({ values }) => values.length > 0)).toEqual([true, false])
    const { rows, goesOn } = await lab.studies.run('small')
    expect(goesOn).toBe(false)
    const evaluated = rows.map(({ values }) => values.find(({ label }) => label === 'Mean network')!)
    expect(evaluated.map(({ basis, found }) => [basis.split(',')[0], found.length])).toEqual(Array(2).fill(['step 6', 2]))
    expect(lab.runs.details(paused.id).results.map(({ kind, step }) => [kind, step])).toContainEqual(['evaluation', 3])
    expect(rows.flatMap(({ runs }) => runs.map(({ state }) => state))).toEqual(Array(4).fill('finished'))
    // Four runs, one of them in two pieces.
    expect(trained()).toBe(5)
  })

  it('goes to another lab with its runs, and on from there', async () => {
    const to = await openLabBench()
    try {
      const { lab, engine } = bench
      await lab.studies.keep('small', small)
      engine.faults.onStep = (step) => {
        if (trained() === 3 && step === 3) lab.jobs.interrupt()
      }
      await expect(lab.studies.run('small')).rejects.toMatchObject({ code: 'cancelled' })
      const ids = lab.studies
        .get('small')
        .rows.flatMap(({ runs }) => runs.map(({ run }) => run))
        .sort()
      const file = join(bench.folder, 'small.weightscape')
      expect(await lab.moving.export(ids, file, ['small'])).toMatchObject({ runs: ids, studies: ['small'] })
      const carried = lab.studies.get('small')

      await to.lab.studies.keep('small', { ...small, images: 6 })
      const before = to.lab.studies.get('small')
      const message = 'There is a study "small" already, of something else. Nothing was changed.'
      await expect(to.lab.moving.import(file)).rejects.toMatchObject({ code: 'conflict', message })
      expect(to.lab.studies.get('small')).toEqual(before)
      expect(to.lab.runs.list()).toEqual([])
      await to.lab.studies.remove('small')

      // Kept there but not begun, it is the same.
      await to.lab.studies.keep('small', small)
      expect(await to.lab.moving.import(file)).toMatchObject({ runs: ids, studies: ['small'], there: [] })
      expect(to.lab.studies.get('small')).toEqual(carried)
      expect(await to.lab.moving.import(file)).toMatchObject({ runs: [], studies: [], there: ids, studiesThere: ['small'] })
      expect(await to.lab.studies.run('small')).toMatchObject({ done: 4, goesOn: false })
      expect(to.engine.ran.filter((kind) => kind === 'train')).toHaveLength(2)
    } finally {
      await to.close()
    }
  })

  it('without a run is not exported', async () => {
    await bench.lab.studies.keep('small', small)
    await expect(bench.lab.moving.export([], join(bench.folder, 'none.weightscape'), ['small'])).rejects.toMatchObject({ code: 'conflict' })
    expect(existsSync(join(bench.folder, 'none.weightscape'))).toBe(false)
  })

  it('asks of no more images than the split has, and tells the mean time that one more network takes', async () => {
    const timed = vi.spyOn(bench.lab.sampling, 'timed').mockResolvedValueOnce(20).mockResolvedValueOnce(60)
    const settings = [...small.settings, { key: 'data.split', value: { train: 100, validation: 13, test: 30 } }]
    const { rows } = await begin({ settings, images: 1000, analyses: ['evaluation'] })
    for (const { run } of rows.flatMap(({ runs }) => runs)) {
      const [{ images, split }] = bench.lab.runs.details(run).results
      expect([images, split]).toEqual([13, 'validation'])
    }
    expect(timed.mock.calls).toEqual(rows[0].runs.map(({ run }) => [run, 200]))
    expect(rows.map(({ another }) => another)).toEqual([0.2, null])
  })

  it('passes over a run that was removed meanwhile, says so, and makes it again when it goes on', async () => {
    const { lab, engine } = bench
    await lab.studies.keep('small', small)
    let removed = 0
    engine.faults.onStep = () => {
      const { id } = lab.runs.list().find(({ state, seed }) => state === 'queued' && seed === small.seeds[0]) ?? {}
      if (removed === 0 && id !== undefined) lab.runs.remove([id])
      removed++
    }
    const ended = async () => {
      const { id } = lab.start.study('small')
      await until(() => lab.tasks.get(id).endedAt !== null)
      return [lab.tasks.get(id).stage, lab.studies.get('small').done]
    }
    expect(await ended()).toEqual(['Done; 1 of 4 runs did not finish and have no results', 3])
    expect(await ended()).toEqual(['Done', 4])
  })

  it('goes on until all that is asked of its runs is known', async () => {
    const { studies, runs } = bench.lab
    await begin({ analyses: ['evaluation'] })
    // Others of the same runs: in the first an analysis is wanting, in the second the time that one more network takes.
    for (const name of ['more', 'timed']) {
      await studies.keep(name, name === 'more' ? small : { ...small, analyses: ['evaluation'] })
      expect(await studies.open(name)).toEqual([])
      expect(studies.get(name)).toMatchObject({ done: 4, goesOn: true })
      expect((await studies.run(name)).goesOn).toBe(false)
    }
    const [ended] = studies.get('more').rows[1].runs
    runs.remove([ended.run])
    expect(studies.get('more')).toMatchObject({ done: 3, goesOn: true })
  })

  it('is told as one that was never looked at, whatever has come of its runs since', async () => {
    const { studies, runs, store, analyses } = bench.lab
    const told = (name: string) => {
      const { name: _, command: __, ...rest } = studies.get(name)
      return rest
    }
    const seen = new Set<string>()
    const hasChanged = async (): Promise<boolean> => {
      const name = `anew-${seen.size}`
      await store.studies.put({ ...store.studies.get('small'), name })
      expect(told('small')).toEqual(told(name))
      const before = seen.size
      return seen.add(JSON.stringify(told('small'))).size > before
    }
    await studies.keep('small', { ...small, analyses: ['evaluation'] })
    expect(await hasChanged()).toBe(true)
    await studies.open('small') // plans it
    const { document } = store.studies.get('small').plan[0]
    const [first, second] = [await runs.create({ from: { document } }), await runs.create({ from: { document: { ...document, seed: 9 } } })]
    expect(await hasChanged()).toBe(true)
    await runs.train(first.id)
    expect(await hasChanged()).toBe(true)
    await analyses.run(first.id, { kind: 'evaluation', count: 3, split: 'validation', images: 7 })
    expect(await hasChanged()).toBe(false) // of other networks than it asks for
    await analyses.run(first.id, { kind: 'evaluation', count: 5, split: 'validation', images: 7 })
    expect(await hasChanged()).toBe(true)
    for (const state of ['training', 'interrupted'] as const) {
      store.runs.move(second.id, state)
      expect(await hasChanged()).toBe(true)
    }
    await runs.train(second.id)
    expect(await hasChanged()).toBe(true)
    runs.remove([first.id])
    expect(await hasChanged()).toBe(true)
    runs.restore([first.id])
    expect(told('small').rows[0].runs.map(({ run }) => run)).toEqual([first.id, second.id])
    await studies.run('small')
    expect(await hasChanged()).toBe(true)
    const { state } = (await store.checkpoints.latest(second.id))!
    await store.checkpoints.save(second.id, { ...state, arrays: { ...state.arrays, more: new Float32Array(1000) } }, 'periodic')
    expect(await hasChanged()).toBe(true)
  })

  it('varies settings: each value with every other and each seed once, and chooses the best mean', async () => {
    const { lab, engine } = bench
    const one = { ...small, presets: ['mnist-quick'], analyses: ['evaluation'] }
    // A run that is there already is one of them.
    const { document } = await lab.planning.plan({
      from: 'mnist-quick',
      data: 'bars',
      settings: [...small.settings, { key: 'training.steps', value: 6 }],
    })
    const known = await lab.runs.create({ from: { document: { ...document, seed: 9 } } })
    await lab.runs.train(known.id)
    const varied = {
      ...one,
      vary: [{ key: 'method.lambda', values: [10, document.method.kind === 'hypernetwork' ? document.method.lambda : 0] }],
    }
    const { rows, columns, done, command } = await begin(
      { ...varied, random: { ranges: [{ key: 'training.learningRate', low: 1e-4, high: 1e-2, log: true }], trials: 2, seed: 3 } },
      'both',
    )
    expect([rows.length, done]).toEqual([4, 8])
    const random = '--random training.learningRate=0.0001..0.01:log --trials 2 --random-seed 3'
    expect(command).toContain(`sweep run both --preset mnist-quick --data bars --set 'target.layers=[`)
    expect(command).toContain(` --vary method.lambda=10,1000 ${random} --seeds 4,9 --steps 6 --split validation --images 7 --analyses `)
    expect(new Set(rows.map(({ title }) => title)).size).toBe(4)
    for (const { settings, runs } of rows) {
      for (const { run } of runs) {
        const made = lab.runs.get(run).document
        expect(settings).toEqual([
          { key: 'method.lambda', value: made.method.kind === 'hypernetwork' ? made.method.lambda : null },
          { key: 'training.learningRate', value: made.training.learningRate },
        ])
      }
    }
    const ran = engine.ran.filter((kind) => kind === 'train').length
    const grid = await begin(varied, 'grid')
    expect(grid.rows[1].runs.map(({ run }) => run)).toContain(known.id)
    expect(engine.ran.filter((kind) => kind === 'train').length - ran).toBe(3)
    for (const { label, best, chosen } of columns) {
      const means = rows.map(({ values }) => meanOf(values.find((value) => value.label === label)!.found.map(({ value }) => value)))
      expect(means[chosen!]).toBe(best === 'highest' ? Math.max(...means) : Math.min(...means))
    }
  })

  it('refuses what a sweep cannot vary before anything is made', async () => {
    const refused = (changes: Partial<Study>) => begin({ presets: ['mnist-quick'], ...changes })
    const vary = (key: string, ...values: number[]): Partial<Study> => ({ vary: [{ key, values }] })
    await expect(refused({})).rejects.toThrow('At least two presets are put side by side')
    await expect(refused(vary('method.lamda', 1))).rejects.toThrow('There is no setting "method.lamda". Did you mean "method.lambda"?')
    // The last of all combinations.
    await expect(refused(vary('method.lambda', 1, 2, -3))).rejects.toThrow('method.lambda is -3, which is not allowed')
    await expect(refused({ ...vary('method.lambda', 1), presets: ['mnist-ensemble'] })).rejects.toThrow(
      'There is no setting "method.lambda"',
    )
    await expect(refused(vary('seed', 1, 2))).rejects.toThrow('Seeds are varied by themselves')
    await expect(refused(vary('training.steps', 1, 2))).rejects.toThrow('the budget cannot set them')
    await expect(
      refused({
        ...vary('method.lambda', 1),
        ...{ random: { ranges: [{ key: 'method.lambda', low: 1, high: 2, log: false }], trials: 2, seed: 1 } },
      }),
    ).rejects.toThrow('varied twice')
    const many = Array.from({ length: 3200 }, (_, i) => i + 1)
    await expect(
      refused({
        vary: [
          { key: 'method.lambda', values: many },
          { key: 'training.imageBatch', values: many },
        ],
      }),
    ).rejects.toThrow('That is 20,480,000 runs; 2,000 are the most')
    expect(bench.lab.runs.list()).toEqual([])
    expect(bench.lab.studies.list().studies).toEqual([])
  })

  it('passes over what diverges, and says so', async () => {
    bench.engine.faults.divergeAt = 2
    const { rows, columns, goesOn } = await begin()
    expect(rows.flatMap(({ runs }) => runs.map(({ state }) => state))).toEqual(Array(4).fill('failed'))
    expect([columns, goesOn]).toEqual([[], false])
  })

  it('passes over what cannot be asked of a run, says so and why, and asks the rest', async () => {
    const { lab } = bench
    await lab.studies.keep('small', small)
    const ask = lab.analyses.run.bind(lab.analyses)
    const asked = vi.spyOn(lab.analyses, 'run').mockImplementation((id, request) => {
      const { seed } = lab.runs.get(id).document
      if (request.kind !== 'ensemble' || seed !== 4) return ask(id, request)
      return Promise.reject(new LabError('invalid-argument', 'There is nothing to vote on.', 'Train longer.'))
    })
    const { id } = lab.start.study('small')
    await until(() => lab.tasks.get(id).endedAt !== null)
    expect(lab.tasks.get(id).stage).toMatch(/^Done; Ensemble left out of 2 runs \(.*, seed 4, .*; .*\): There is nothing to vote on\.$/)
    // Kept, as what a table lacks is asked for later, too; asking again would get the same answer.
    const kept = openStore(join(bench.folder, 'data'), { readOnly: true })
    expect(kept.studies.get('small').unasked.map(({ kind, why }) => [kind, why])).toEqual(
      Array(2).fill(['ensemble', 'There is nothing to vote on.']),
    )
    kept.close()
    const { rows, goesOn, unasked } = lab.studies.get('small')
    expect(goesOn).toBe(false)
    expect(unasked).toEqual(
      rows.map(({ title, runs: [{ run, seed }] }) => ({ title, run, seed, analysis: 'Ensemble', why: 'There is nothing to vote on.' })),
    )
    const found = (label: string) =>
      lab.studies.get('small').rows.map(({ values }) => values.find((value) => value.label === label)?.found.map(({ seed }) => seed))
    const labels = lab.studies.get('small').columns.map(({ label }) => label)
    expect(labels.map((label) => found(label)[0]).sort()).toContainEqual([4, 9])
    expect(labels.map((label) => found(label)[0]).sort()).toContainEqual([9])
    asked.mockRestore()
    await lab.studies.run('small')
    expect(lab.studies.get('small').unasked).toEqual([])
    expect(labels.map((label) => found(label)[0])).toEqual(labels.map(() => [4, 9]))
  })

  it('gives each as many steps as the budget has', async () => {
    const { rows } = await begin({ presets: [...small.presets, 'mnist-laplace'], budget: { kind: 'images', images: 20_000 } })
    for (const { runs } of rows) {
      const { document } = bench.lab.runs.get(runs[0].run)
      // Of Laplace one network is trained, whatever its curvature is read with.
      const networks = document.method.kind === 'laplace' ? 1 : arithmeticOf(document).networks
      const aStep = document.training.imageBatch * networks
      expect(runs[0].steps).toBe(Math.round(20_000 / aStep))
    }
  })

  it('measures a step of each where the budget is time, and leaves nothing of the trial but in the trash', async () => {
    const { lab } = bench
    const planned = vi.spyOn(lab.planning, 'plan').mockImplementation(({ from }) => {
      // The trial has been trained, and is the newest: what a step takes follows from it.
      const [trial] = lab.runs.list()
      expect(trial).toMatchObject({ state: 'finished', steps: 40 })
      const { document } = from as { document: Experiment }
      return Promise.resolve({ estimate: { seconds: document.training.steps / 8 } } as Plan)
    })
    await lab.studies.keep('timed', { ...small, seeds: [4], budget: { kind: 'seconds', seconds: 2 }, analyses: ['evaluation'] })
    const task = lab.start.study('timed')
    expect(() => lab.start.study('timed')).toThrow(/under way/)
    await until(() => lab.tasks.get(task.id).endedAt !== null)
    expect(lab.tasks.get(task.id)).toMatchObject({ state: 'done', error: null })
    expect(planned).toHaveBeenCalledTimes(2)
    expect(lab.studies.get('timed').rows.map(({ runs }) => runs[0].steps)).toEqual([16, 16])
    expect(lab.runs.list()).toHaveLength(2)
  })

  it('goes out as LaTeX, CSV and a picture', async () => {
    const details = await begin()
    const tex = studyFile(details, 'tex')
    expect(tex.match(/\\begin\{tabular\}/g)).toHaveLength(3)
    expect(tex).toContain('Independent training (mnist-ensemble)')
    const [head, ...lines] = studyFile(details, 'csv').trim().split('\r\n')
    expect(head.split(',').slice(0, 5)).toEqual(['preset', 'method', 'networks', 'training seconds', 'number'])
    const told = details.rows.reduce((sum, { values }) => sum + values.length, 0)
    expect(lines).toHaveLength(told)
    const svg = studyFile(details, 'svg', 'Mean network')
    expect(svg).toContain('Mean network, highest is best')
    expect(svg).toContain('Hypernetwork (mnist-quick)')
    expect(() => studyFile(details, 'svg', 'Nothing')).toThrow(/cannot be ranked by "Nothing"/)
  })

  it('leaves nothing of a trial that was cancelled, and is not forgotten while it is under way', async () => {
    const { lab, engine } = bench
    await lab.studies.keep('timed', { ...small, budget: { kind: 'seconds', seconds: 2 } })
    const task = lab.start.study('timed')
    engine.faults.onStep = async (step) => {
      if (step !== 3) return
      await expect(lab.studies.remove('timed')).rejects.toMatchObject({ code: 'conflict' })
      lab.tasks.cancel(task.id)
    }
    await until(() => lab.tasks.get(task.id).endedAt !== null)
    expect(lab.tasks.get(task.id).state).toBe('cancelled')
    expect(lab.runs.list()).toEqual([])
    await lab.studies.remove('timed')
  })

  it('ranks nothing where methods were asked for other numbers of networks', async () => {
    const { rows, columns } = await begin({ networks: 9 })
    expect(rows.map(({ networks }) => networks)).toEqual([9, 5])
    for (const { ranks, overSeeds } of columns.filter(({ label }) => label === 'Mean network'))
      expect([ranks, overSeeds]).toEqual([[null, null], null])
  })

  it('is refused with a sentence where it cannot be', async () => {
    const { studies } = bench.lab
    await studies.keep('small', small)
    // The same again is the same.
    expect((await studies.keep('small', small)).createdAt).toBe(studies.list().studies[0].createdAt)
    await expect(studies.keep('small', { ...small, seeds: [1] })).rejects.toMatchObject({ code: 'conflict' })
    for (const name of ['../small', 'a/b', '', '.', 'a  b', 'x'.repeat(61)])
      await expect(studies.keep(name, small)).rejects.toMatchObject({ code: 'invalid-argument' })
    for (const [changes, message] of [
      [{ presets: ['mnist-quick', 'nothing'] }, /no preset "nothing"/],
      [{ presets: ['mnist-quick'] }, /presets/],
      [{ presets: ['mnist-quick', 'mnist-quick'] }, /named twice/],
      [{ analyses: ['map'] }, /cannot be compared by "map"/],
      [{ analyses: ['outsider'] }, /cannot be compared by "outsider"/],
      // Five networks, as many as the ensemble has, make no pairs.
      [{ analyses: ['paths'] }, /pairs/],
      [{ networks: 3, analyses: ['adversarial'] }, /3 networks/],
      [{ analyses: ['nothing'] }, /cannot be compared by "nothing"/],
      [{ seeds: [] }, /seeds/],
    ] as const) {
      await expect(studies.keep('other', { ...small, ...changes } as unknown as Study)).rejects.toThrow(message)
    }
    expect(studies.list().studies.map(({ name }) => name)).toEqual(['small'])
    await expect(studies.run('other')).rejects.toMatchObject({ code: 'not-found' })
    await studies.remove('small')
    expect(() => studies.get('small')).toThrow(/no study or sweep "small"/)
  })

  it('leaves no half-written file behind a kill', async () => {
    await bench.lab.studies.keep('small', small)
    const left = join(bench.folder, 'data', 'studies', '.small.json.1-1.part')
    await writeFile(left, 'half')
    await bench.lab.close()
    const again = openStore(join(bench.folder, 'data'))
    expect([again.opening.swept, existsSync(left)]).toEqual([['studies/.small.json.1-1.part'], false])
    expect(again.studies.get('small').study).toEqual(small)
    again.close()
    await rm(bench.folder, { recursive: true })
    bench = await openLabBench()
  })

  it('says where its file is damaged', async () => {
    await bench.lab.studies.keep('small', small)
    const path = join(bench.folder, 'data', 'studies', 'small.json')
    await writeFile(path, (await readFile(path, 'utf8')).replace('bars', 'cars'))
    expect(() => bench.lab.studies.get('small')).toThrow(/The study small is damaged/)
    await bench.lab.studies.keep('whole', small)
    const { studies, lost } = bench.lab.studies.list()
    expect(studies.map(({ name }) => name)).toEqual(['whole'])
    expect(lost).toEqual([{ name: 'small', why: expect.stringMatching(/^The study small is damaged/) as string }])
  })
})
