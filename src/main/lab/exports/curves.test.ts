import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { openLabBench } from '../testing/lab-bench.ts'
import { writeCurves } from './curves.ts'

it('writes every point of every curve, or of those that are named; what is not there is said', async () => {
  const bench = await openLabBench()
  try {
    const { store } = bench.lab
    const run = await bench.trained()
    const names = store.metrics.names(run)
    const all = names.flatMap((name) => store.metrics.read(run, name).map((point) => ({ name, ...point })))
    const path = join(bench.folder, 'curves')
    expect(await writeCurves(store, run, { path: `${path}.csv`, format: 'csv' })).toEqual({
      path: `${path}.csv`,
      points: all.length,
      names,
    })
    const rows = readFileSync(`${path}.csv`, 'utf8').trim().split('\r\n')
    expect(rows[0]).toBe('name,step,value,time')
    expect(rows.slice(1)).toEqual(all.map(({ name, step, value, at }) => `${name},${step},${value},${new Date(at).toISOString()}`))
    await writeCurves(store, run, { path: `${path}.jsonl`, format: 'jsonl', names: ['loss'] })
    const lines = readFileSync(`${path}.jsonl`, 'utf8').trim().split('\n')
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual(
      all.filter(({ name }) => name === 'loss').map(({ at, ...point }) => ({ ...point, time: new Date(at).toISOString() })),
    )
    await writeCurves(store, run, { path, format: 'tensorboard' })
    expect(readdirSync(join(path, run))).toEqual([expect.stringMatching(/^events\.out\.tfevents\.\d+\.weightscape$/)])
    const wrong = writeCurves(store, run, { path: `${path}.csv`, format: 'csv', names: ['loss', 'frob'] })
    await expect(wrong).rejects.toMatchObject({ code: 'not-found', message: `${run} has no curve frob.` })
  } finally {
    await bench.close()
  }
})
