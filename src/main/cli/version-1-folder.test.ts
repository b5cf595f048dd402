/** A data folder that version 1 made: today's code lists it, reads all that is in it, and goes on from it. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { unzipSync } from 'fflate'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { colourValues } from '../../analyses/network-values.ts'
import { ofKind } from '../../analyses/registry.ts'
import { createLab } from '../lab/lab.ts'
import type { Lab } from '../lab/lab.ts'
import { fakeEngine } from '../lab/testing/fake-engine.ts'
import { readNpz } from '../lab/formats/check/read-npz.ts'
import { parseTensors } from '../store/files/safetensors.ts'
import { checkpointArrays, fingerprintOf, sha256 } from './testing/bits.ts'
import type { Arrays } from './testing/bits.ts'
import { labProcess } from './testing/lab-process.ts'
import type { LabProcess } from './testing/lab-process.ts'
import { asNow, comparison, pinned, unpackVersion1 } from './testing/version-1.ts'
import type { Unpacked } from './testing/version-1.ts'

let version1: Unpacked
let lab: LabProcess
beforeAll(() => {
  version1 = unpackVersion1()
  lab = labProcess(version1.dataDir)
})
afterAll(() => version1.remove())

const names = ['finished', 'plain', 'forked', 'paused']

describe('before anything is changed', () => {
  it('lists runs and data sets', async () => {
    const { runs } = await lab('runs')
    expect(runs).toEqual(
      ['paused', 'forked', 'plain', 'finished'].map((name) => {
        const { id, state, step, parent } = pinned.shown[name]
        return expect.objectContaining({ id, name, state, step, parent }) as unknown
      }),
    )
    expect(pinned.shown['paused']).toMatchObject({ state: 'paused', step: 6 })
    const { datasets } = await lab('data', 'list')
    expect(datasets).toEqual([expect.objectContaining({ name: 'bars', hash: pinned.shown['finished']['dataset'], count: 150 })])
  })

  it.each(names)('shows %s with all that was made from it, and its document as version 2 writes it', async (name) => {
    const shown = await lab('show', name, '--log')
    const { documentHash: _hash, ...expected } = asNow(pinned.shown[name])
    expect(JSON.parse(JSON.stringify(shown).replaceAll(version1.dataDir, ''))).toMatchObject(expected)
  })

  it('exports the student as the same bits', async () => {
    const path = version1.path('student.tfjs')
    await lab('export', 'finished', '--student', '--format', 'tfjs', '--out', path)
    expect(sha256(readFileSync(join(path, 'weights.bin')))).toBe(pinned.exported['student.tfjs/weights.bin'])
  })

  it.each([
    ['npz', (path: string) => readNpz(readFileSync(path))],
    ['safetensors', (path: string) => parseTensors(readFileSync(path), (found) => new Error(found)).arrays],
  ])('with the same bits in the %s, though it names the target as version 2 does', async (format, read) => {
    const path = version1.path(`arrays.${format}`)
    await lab('export', 'finished', '--student', '--format', format, '--out', path)
    const arrays = Object.values(read(path)).map(({ data }) => Buffer.from(Float32Array.from(data).buffer))
    expect(sha256(Buffer.concat(arrays))).toBe(pinned.exported['student.tfjs/weights.bin'])
  })

  it('imports the same images as the same data set', async () => {
    const images = readdirSync(version1.path('images')).map((name) => version1.path(`images/${name}`))
    const { hash } = await labProcess(version1.path('another'))(
      'data',
      'add',
      ...images,
      '--name',
      'bars',
      '--accept',
      'equal-across-splits',
    )
    expect(hash).toBe(pinned.shown['finished']['dataset'])
  })
})

describe('in a lab that stays open', () => {
  let open: Lab
  let run: string
  beforeAll(() => {
    open = createLab({ dataDir: version1.dataDir, engine: fakeEngine() })
    run = open.runs.get('finished').id
  })
  afterAll(() => open.close())

  it('has nothing to mend', () => {
    expect(open.opening).toEqual({ purged: [], interrupted: [], swept: [], migrated: open.opening.migrated })
  })

  it('reads every checkpoint', async () => {
    for (const name of names) {
      const { id } = open.runs.get(name)
      for (const { step } of open.runs.details(id).checkpoints) {
        const { state } = await open.runs.checkpoint(id, step)
        expect(Object.keys(state.arrays).sort()).toEqual(['adam.firstMoment', 'adam.secondMoment', 'batchNorm.averages', 'parameters'])
      }
    }
  })

  it('reads maps, networks that were tested, networks that were kept', async () => {
    const maps = ofKind(open.runs.details(run).results, 'map')
    const [pca, tsne] = await Promise.all(maps.map((map) => open.analyses.arrays(map)))
    expect(Object.keys(colourValues(pca))).toEqual(['accuracy', 'disagreement', 'loss', 'nearest', 'norm'])
    expect(maps.map(({ result }) => result.method)).toEqual(['pca', 'tsne'])
    expect([pca['coordinates'].data.length, tsne['coordinates'].data.length]).toEqual([20, 20])
    const card = await open.cards.card(run, 3, { split: 'test', images: 30 })
    const [tested] = (pinned.shown['finished']['evaluations'] as { result: { accuracies: number[]; losses: number[] } }[])
      .map(({ result }) => result)
      .filter(({ accuracies }) => accuracies.length === 10)
    expect(card.accuracy).toBeCloseTo(tested.accuracies[3], 12)
    expect(card.loss).toBeCloseTo(tested.losses[3], 6)
    expect(open.store.networks.list(run)).toEqual([expect.objectContaining({ index: 3, label: 'the third', seed: 7 })])
  })

  it('reads the files that were made to take away', async () => {
    const files = open.artefacts.list(run)
    const endings = ['-3-networks.npz', '-network-2.safetensors', '-student-tfjs.zip', '-md.zip']
    expect(files.map(({ name }) => endings.findIndex((ending) => name.endsWith(ending))).sort()).toEqual([0, 1, 2, 3])
    for (const { path, hash } of files) expect(sha256(readFileSync(path))).toBe(hash)
  })
})

describe('going on', { timeout: 240_000 }, () => {
  it('resumes the paused run to the bits of one that never paused', async () => {
    await lab('resume', 'paused')
    const shown = await lab('show', 'paused')
    expect(shown).toMatchObject({ state: 'finished', step: 20 })
    same(shown, 'resumed')
    same(shown, 'pooled')
  })

  it('forks to the same bits', async () => {
    const { run } = await lab('fork', 'finished', '--at', '16', '--set', 'objective.lambda=300', '--steps', '24')
    same(await lab('show', String(run)), 'forked')
  })

  it('takes results that are there, and adds to them', async () => {
    const test = ['--split', 'test', '--images', 'all']
    expect(await lab('evaluate', 'finished', '-n', '8', ...test)).toMatchObject({ reused: true })
    expect(await lab('evaluate', 'finished', '-n', '11', ...test)).toMatchObject({ reused: false, n: 11 })
    expect((await lab('show', 'finished'))['evaluations']).toHaveLength((pinned.shown['finished']['evaluations'] as unknown[]).length + 1)
  })

  it('writes the same figures into a report', async () => {
    const run = String(pinned.shown['finished']['id'])
    // Of what version 1 made alone.
    const fresh = unpackVersion1()
    try {
      await labProcess(fresh.dataDir)('report', 'finished', '--format', 'md', '--out', fresh.path('reports'))
      const artefacts = fresh.path(`lab/runs/${run}/artefacts`)
      const packed = unzipSync(
        readFileSync(
          join(
            artefacts,
            readdirSync(artefacts).find((name) => name.endsWith('-md.zip'))!,
          ),
        ),
      )
      // Version 1 drew the newest map alone; now there is one of each method.
      const methods = ['pca', 'tsne']
      const now = Object.keys(packed).flatMap((name) =>
        /-map\.(csv|svg)$/.test(name) ? methods.map((one) => name.replace('-map.', `-map-${one}.`)) : [name],
      )
      // Nor did it show images of the data set.
      now.push(...now.filter((name) => name.includes('-objective.')).map((name) => name.replace('-objective.', '-samples.')))
      expect(readdirSync(fresh.path('reports')).sort()).toEqual(now.sort())
      const written = (name: string) => readFileSync(fresh.path(`reports/${name}`), 'utf8')
      // Filters are those of networks sampled for the report.
      const tables = Object.keys(packed).filter((name) => name.endsWith('.csv') && !name.endsWith('-filters.csv'))
      expect(tables).toHaveLength(8)
      const ensembles = pinned.shown['finished']['ensembles'] as { count: number; result: StoredEnsemble }[]
      const largest = ensembles.find(({ count }) => count === 8)!.result
      for (const name of tables) {
        // Its newest ensemble was one of three networks; now that of most networks is drawn.
        const stored = name.endsWith('-ensemble.csv')
          ? largest.sizes.map(curveRow)
          : name.endsWith('-calibration.csv')
            ? largest.calibration.map(({ confidence, accuracy, count }) => [confidence, accuracy, count])
            : null
        if (stored !== null) {
          const rows = written(name).trimEnd().split('\n').slice(1)
          expect(rows.map((row) => row.split(',').map((cell) => (cell.trim() === '' ? null : Number(cell))))).toEqual(stored)
          continue
        }
        const before = Buffer.from(packed[name]).toString()
        // Its newest map was one of neighbours. Heads did not say on which images yet.
        const now = written(name.replace('-map.', '-map-tsne.'))
        expect(
          now.replace(/^.*/, (head) => head.replaceAll(/ on (\d+ )?\w+ images/g, '')),
          name,
        ).toBe(before)
      }
    } finally {
      fresh.remove()
    }
  })
})

const votes = ['majority', 'meanProbability', 'mostConfident'] as const
type Votes = Record<(typeof votes)[number], number>

interface StoredEnsemble {
  sizes: (Votes & { size: number; draws: number; low: Votes; high: Votes })[]
  calibration: Record<'confidence' | 'accuracy' | 'count', number>[]
}

/** An ensemble of one size, as version 1 stored it, as the row of a report's table. */
const curveRow = ({ size, draws, low, high, ...mean }: StoredEnsemble['sizes'][number]): (number | null)[] => {
  // Percentiles of ensembles of the eight, where those of other networks would lie.
  const moved = (from: number, to: number) => Math.min(1, Math.max(0, from + Math.sqrt((8 + size) / (8 - size)) * (to - from)))
  // Of fewer than ten ensembles they are none, nor of ensembles that share most of the eight.
  const isDrawn = draws >= 10 && 3 * size < 8
  return [
    ...[size, draws],
    ...votes.flatMap((vote) => [mean[vote], ...(isDrawn ? [low, high].map((end) => moved(mean[vote], end[vote])) : [null, null])]),
  ]
}

/** A shown run's newest checkpoint holds the arrays that are pinned under a name. */
function same(shown: Record<string, unknown>, pinnedAs: string): void {
  const arrays: Arrays = Object.fromEntries(Object.entries(checkpointArrays(shown)).map(([name, array]) => [`${pinnedAs}/${name}`, array]))
  comparison(fingerprintOf(shown), version1.arrays).arrays(arrays, 1e-3)
}
