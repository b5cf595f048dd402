import { expect, it } from 'vitest'
import { resultIn, syntheticInput } from '../../main/report/testing/synthetic-input.ts'
import { blocks } from './report.ts'

it('the map draws every finite point once, and its CSV has all of them', () => {
  const map = resultIn(syntheticInput({ mapPoints: 300 }), 'map')
  map.arrays['coordinates'].data[10] = NaN
  const [block] = blocks(map, [])
  if (block.kind !== 'figure') throw new Error('It draws nothing.')
  expect(block.figure.svg.match(/M[\d.-]+ [\d.-]+h\.01/g)).toHaveLength(299)
  expect(block.figure.data.rows).toHaveLength(300)
})
