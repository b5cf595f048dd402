import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { EngineJob } from '../../../shared/engine-protocol.ts'
import { openLabBench, type LabBench } from '../testing/lab-bench.ts'

let bench: LabBench
beforeEach(async () => {
  bench = await openLabBench()
})
afterEach(() => bench.close())

const dense = 'target.layers=[{"kind":"dense","units":4},{"kind":"dense","units":3,"activation":"none"}]'
const generators = 'method.generators=[[5],[5]]'
const distil = (id: string, options: Record<string, unknown>) =>
  bench.lab.analyses.run(id, { kind: 'distillation', count: 3, images: 10, options })

/** Jobs that the engine is given from here on. */
function jobs(): EngineJob[] {
  const given: EngineJob[] = []
  const run = bench.engine.run.bind(bench.engine)
  bench.engine.run = (job, handlers) => {
    given.push(job)
    return run(job, handlers)
  }
  return given
}

describe('a student of another architecture', () => {
  it('is named by what lasts, and its target goes to the job', async () => {
    const id = await bench.trained()
    const other = await bench.create(dense, generators)
    const given = jobs()
    const { target } = other.document
    const { result } = await distil(id, { target: other.id.slice(0, -1) })
    expect(result.options).toMatchObject({ target: other.id })
    const whole = await distil(id, { target: JSON.stringify(other.document) })
    expect(whole.result.options).toMatchObject({ target: JSON.stringify(target) })
    await distil(id, { target: JSON.stringify(target) })
    await distil(id, { target: 'dense-32' })
    await distil(id, {})
    const own = bench.lab.runs.get(id).document.target
    const layers = [{ kind: 'dense', units: 32, activation: 'relu' }, own.layers.at(-1)]
    expect(given).toMatchObject([target, target, target, { layers }, own].map((one) => ({ targets: [one] })))
  })

  it.each([
    ['dens-32', 'There is neither a target nor a run "dens-32". Did you mean "dense-32"?'],
    ['mnist-mnf', 'looks at images of 28 × 28 grey, and those of the run are 6 × 6 grey'],
    ['lenet-5', 'The target "lenet-5" does not fit images of 6 × 6 grey'],
    ['{', 'The target that is written out is no JSON.'],
    ['{"layers": 3}', 'The target that is written out is none.'],
  ])('%s is refused before the job starts', async (target, message) => {
    const id = await bench.trained()
    const given = jobs()
    await expect(distil(id, { target })).rejects.toThrow(message)
    expect(given).toEqual([])
  })
})

it('a run in the trash, whose target a student is to have, is said to be there', async () => {
  const id = await bench.trained()
  const other = await bench.create(dense, generators)
  bench.lab.store.runs.remove([other.id])
  await expect(distil(id, { target: other.id })).rejects.toMatchObject({ help: { action: 'trash', settings: { restore: other.id } } })
})

it('fresh networks are asked of methods that make networks at will', async () => {
  const id = await bench.trained()
  await expect(distil(id, { freshNetworks: true })).resolves.toMatchObject({ reused: false })
  const few = await bench.lab.runs.create({
    from: 'mnist-ensemble',
    data: 'bars',
    settings: [dense, 'method.networks=3', 'training.steps=2'].map((text) => ({
      key: text.split('=')[0],
      value: JSON.parse(text.slice(text.indexOf('=') + 1)) as unknown,
    })),
  })
  await bench.lab.runs.train(few.id)
  const given = jobs()
  await expect(distil(few.id, { freshNetworks: true })).rejects.toThrow('The run has 3 networks and no more, so there are no fresh ones.')
  const bench2 = bench.lab.analyses.run(few.id, { kind: 'distillation-bench', count: 3, images: 10, options: { teachers: 'both' } })
  await expect(bench2).rejects.toMatchObject({ help: { settings: { teachers: null } } })
  expect(given).toEqual([])
})
