import { expect, it } from 'vitest'
import { resultIn, syntheticInput } from '../../main/report/testing/synthetic-input.ts'
import { blocks } from './report.ts'

it('a map of several runs is drawn by run and by accuracy, with a table of the runs', () => {
  const map = resultIn(syntheticInput({ mapPoints: 300 }), 'map')
  const part = (run: string, count: number, kin: number) => ({ run, name: run, step: 9, checkpoint: 'c', seed: 7, count, kin })
  map.result.runs = [part('heron', 200, 0.9), part('otter', 100, 0.5)]
  const all = blocks({ ...map, count: 200 }, [])
  const drawn = all.flatMap((block) => (block.kind === 'figure' ? [block.figure] : []))
  expect(drawn.map(({ id }) => id)).toEqual(
    ['map-pca-together-by-run', 'map-pca-together'].map((id) => id.replace('pca', map.result.method)),
  )
  expect(drawn[0].svg).toMatch(/>heron<.*>otter</s)
  expect(drawn[0].svg).toContain('stroke="#0072b2"')
  expect(drawn[0].data.columns.slice(0, 2)).toEqual(['run', 'network'])
  expect([0, 199, 200, 299].map((row) => drawn[0].data.rows[row].slice(0, 2))).toEqual([
    [1, 0],
    [1, 199],
    [2, 0],
    [2, 99],
  ])
  const table = all.find((block) => block.kind === 'table')
  expect(JSON.stringify(table)).toMatch(/otter.*33\.1/)
})

it('the map draws every finite point once, and its CSV has all of them', () => {
  const map = resultIn(syntheticInput({ mapPoints: 300 }), 'map')
  map.arrays['coordinates'].data[10] = NaN
  const [block] = blocks(map, [])
  if (block.kind !== 'figure') throw new Error('It draws nothing.')
  expect(block.figure.svg.match(/M[\d.-]+ [\d.-]+h\.01/g)).toHaveLength(299)
  expect(block.figure.data.rows).toHaveLength(300)
})
