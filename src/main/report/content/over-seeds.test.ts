import { describe, expect, it } from 'vitest'
import type { ReportInput } from '../input.ts'
import { syntheticInput } from '../testing/synthetic-input.ts'
import { plain } from './document.ts'
import type { Block } from './document.ts'
import { overSeeds } from './over-seeds.ts'

type OverSeeds = NonNullable<ReportInput['overSeeds']>

const three: OverSeeds = {
  runs: [1, 2, 3].map((seed) => ({ run: `run-${seed}`, seed })),
  values: [
    {
      label: 'Mean network',
      unit: 'share',
      best: 'highest',
      found: [
        { seed: 1, run: 'run-1', value: 0.95 },
        { seed: 2, run: 'run-2', value: 0.94 },
        { seed: 3, run: 'run-3', value: 0.96 },
      ],
      missing: [],
      basis: 'step 700, first 200 networks, first 1,000 validation images',
    },
    {
      label: 'Entropy',
      unit: 'nats',
      best: 'highest',
      found: [{ seed: 1, run: 'run-1', value: 2830.25 }],
      missing: [
        { seed: 2, run: 'run-2' },
        { seed: 3, run: 'run-3' },
      ],
      basis: 'step 700, first 200 networks, first 1,000 validation images',
    },
  ],
  curves: [
    { steps: [100, 200, 300], values: [0.2, 0.6, 0.9] },
    { steps: [100, 200, 300], values: [0.3, 0.7, 0.8] },
    // It has not come as far: it would bend the curve where it ends.
    { steps: [100, 200], values: [0.9, 0.95] },
  ],
}

const sectionOf = (found: OverSeeds | undefined) => {
  const { overSeeds: _none, ...input } = syntheticInput()
  return overSeeds(found === undefined ? input : { ...input, overSeeds: found })
}
const blocksOf = <K extends Block['kind']>(found: OverSeeds, kind: K) =>
  sectionOf(found)[0].blocks.filter((block): block is Extract<Block, { kind: K }> => block.kind === kind)

describe('repeats over seeds in a report', () => {
  it('are no section where there are none', () => {
    expect(sectionOf(undefined)).toEqual([])
  })

  it('are named, and their numbers told with n, interval, deviation, seeds and basis', () => {
    expect(plain(blocksOf(three, 'paragraph')[0].text)).toMatch(
      /^3 runs of the same document but for the seed \(seed 1: run-1, seed 2: run-2, seed 3: run-3\)\..* does not say how far seeds lie apart\.$/,
    )
    const tables = blocksOf({ ...three, values: [...three.values, { ...three.values[0], label: 'Student', basis: 'step 9' }] }, 'table')
    const rows = tables.map(({ table }) => table.rows.map((row) => row.map((cell) => plain(cell).replaceAll('\u00a0', ' '))))
    // Student's interval of three: 0.95 -+ 4.303 * 0.01 / sqrt(3).
    const mean = ['3', '0.950 [0.925, 0.975]', '0.010', '0.950, 0.940, 0.960', 'seeds 1, 2, 3']
    expect(rows).toEqual([
      [
        ['Mean network', ...mean],
        [
          'Entropy',
          ...['1', '2,830 [one seed]', '–', '2,830'],
          'seed 1 alone: not yet found, or on another basis, of seed 2 (run-2), seed 3 (run-3)',
        ],
      ],
      [['Student', ...mean]],
    ])
    expect(tables.map(({ table }) => [table.id, plain(table.caption)])).toEqual([
      ['over-seeds', expect.stringContaining(`over seeds: ${three.values[0].basis}.`)],
      ['over-seeds-2', expect.stringContaining('over seeds: step 9.')],
    ])
  })

  it('have as many decimals below each other where they are shares', () => {
    const [first] = three.values
    const wide = { ...first, label: 'Ensemble', found: first.found.map((one, at) => ({ ...one, value: 0.3 * at })) }
    const fine = { ...first, label: 'Student', found: first.found.map((one, at) => ({ ...one, value: 0.9 + at / 10_000 })) }
    const [{ table }] = blocksOf({ ...three, values: [wide, first, fine, { ...three.values[1], basis: first.basis }] }, 'table')
    const means = table.rows.map((row) => plain(row[2]).replaceAll('\u00a0', ' '))
    expect(means).toEqual(['0.3000 [0.0000, 1.0000]', '0.9500 [0.9252, 0.9748]', '0.9001 [0.8999, 0.9003]', '2,830 [one seed]'])
  })

  it('are drawn as their mean with a band from the least to the greatest, of those that came as far', () => {
    const [{ figure }] = blocksOf(three, 'figure')
    expect(plain(figure.caption)).toContain(
      'Mean accuracy of 20 networks on the first 1,000 validation images while training: mean of 2 of 3 seeds, band least to greatest. At the right end of each line (training step: 300): mean over seeds 0.850 [0.215,',
    )
    const [step, mean, low, high] = [0, 1, 2, 3].map((column) => figure.data.rows.map((row) => Number(row[column])))
    expect(step).toEqual([100, 200, 300])
    mean.forEach((value, at) => expect(value).toBeCloseTo([0.25, 0.65, 0.85][at], 12))
    expect([low, high]).toEqual([
      [0.2, 0.6, 0.8],
      [0.3, 0.7, 0.9],
    ])
  })

  it('say so where none of their numbers is there yet, and draw nothing of a curve of one point', () => {
    const early = { ...three, values: [], curves: [{ steps: [100], values: [0.2] }] }
    expect(plain(blocksOf(early, 'paragraph')[1].text)).toBe('None of their numbers was found for this report.')
    expect([...blocksOf(early, 'table'), ...blocksOf(early, 'figure')]).toEqual([])
  })
})
