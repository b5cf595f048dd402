import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, expect, it } from 'vitest'
import { loadTensorFlow } from '../../main/engine-host/load-tensorflow.ts'
import { randomStream } from '../random/stream.ts'
import { beginFlow, flow, flowShapes } from './coupling-flow.ts'
import { Taped } from './taped.ts'

beforeAll(() => loadTensorFlow())

const sizes = { name: 'q', width: 5, hidden: 4, flows: 3 }
const taped = new Taped(flowShapes(sizes))

const run = (parameters: Float32Array, z: readonly number[]): { z: number[]; logDeterminant: number } =>
  tf.tidy(() => {
    const found = flow(sizes, taped.tensors(parameters), tf.tensor2d([...z], [1, 5]))
    return { z: Array.from(found.z.dataSync()), logDeterminant: found.logDeterminant.dataSync()[0] }
  })

/** log |det|, by elimination. */
function logDeterminantOf(rows: number[][]): number {
  let sum = 0
  for (let c = 0; c < rows.length; c++) {
    const pivot = rows.reduce((best, row, r) => (r >= c && Math.abs(row[c]) > Math.abs(rows[best][c]) ? r : best), c)
    ;[rows[c], rows[pivot]] = [rows[pivot], rows[c]]
    sum += Math.log(Math.abs(rows[c][c]))
    for (let r = c + 1; r < rows.length; r++) {
      const factor = rows[r][c] / rows[c][c]
      rows[r] = rows[r].map((value, k) => value - factor * rows[c][k])
    }
  }
  return sum
}

it('tells the logarithm of the determinant of its Jacobian', () => {
  const parameters = Float32Array.from({ length: taped.size }, (_, k) => 0.8 * Math.sin(3 * k))
  const at = [0.3, -1.2, 0.8, 2, -0.4]
  const h = 1e-2
  // Row i: by the i-th number of z.
  const jacobian = at.map((value, i) => {
    const moved = (by: number) => run(parameters, at.with(i, value + by)).z
    const [above, below] = [moved(h), moved(-h)]
    return above.map((end, j) => (end - below[j]) / (2 * h))
  })
  const found = run(parameters, at).logDeterminant
  expect(Math.abs(found)).toBeGreaterThan(0.5)
  expect(found).toBeCloseTo(logDeterminantOf(jacobian), 2)
})

it('begins near the identity around its centre', () => {
  const parameters = new Float32Array(taped.size)
  beginFlow(sizes, taped.views(parameters), randomStream(1, 'map', 0, 0), 1)
  for (const value of run(parameters, [1, 1, 1, 1, 1]).z) expect(Math.abs(value - 1)).toBeLessThan(0.2)
})
