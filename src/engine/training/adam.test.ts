import { expect, it } from 'vitest'
import { randomStream } from '../random/stream.ts'
import { workbench } from '../simd/kernels.ts'
import { adamUpdate } from './adam.ts'

it('updates numbers of any count as the algorithm has it', () => {
  const options = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 }
  const [step, rate] = [4, 0.01]
  const stream = randomStream(2, 'map', 0, 0)
  for (const count of [1, 4, 4096, 9001]) {
    const normals = () => Float32Array.from({ length: count }, () => stream.normal())
    const [parameters, gradient, first, second] = [normals(), normals(), normals(), normals().map(Math.abs)]
    const before = { parameters: parameters.slice(), first: first.slice(), second: second.slice() }
    workbench().reserve(20_000).fill(NaN)
    adamUpdate(options, step, rate, parameters, gradient, first, second)
    for (let k = 0; k < count; k++) {
      const m = 0.9 * before.first[k] + 0.1 * gradient[k]
      const v = 0.999 * before.second[k] + 0.001 * gradient[k] ** 2
      // The corrections of the first steps, as Kingma and Ba write them.
      const expected =
        before.parameters[k] - (rate * (m / (1 - 0.9 ** 5))) / (Math.sqrt(v / (1 - 0.999 ** 5)) + 1e-8 / Math.sqrt(1 - 0.999 ** 5))
      expect(Math.abs(first[k] - m)).toBeLessThan(1e-6)
      expect(Math.abs(second[k] - v)).toBeLessThan(1e-6)
      expect(Math.abs(parameters[k] - expected)).toBeLessThan(1e-5 * (1 + Math.abs(expected - before.parameters[k])))
    }
  }
})
