import { expect, it } from 'vitest'
import { randomStream } from '../random/stream.ts'
import { workbench } from '../simd/kernels.ts'
import { adamUpdate } from './adam.ts'

it.each([
  [{ beta1: 0.9, beta2: 0.999, epsilon: 1e-8 }, 4, 0.01],
  // An epsilon that counts, at the first step and later.
  [{ beta1: 0.8, beta2: 0.9, epsilon: 0.5 }, 0, 0.1],
  [{ beta1: 0.5, beta2: 0.75, epsilon: 2 }, 11, 0.03],
])('updates numbers of any count as the algorithm has it: %o, after %i steps', (options, step, rate) => {
  const { beta1, beta2, epsilon } = options
  const stream = randomStream(2, 'map', 0, 0)
  for (const count of [1, 4, 4096, 9001]) {
    const normals = () => Float32Array.from({ length: count }, () => stream.normal())
    const [parameters, gradient, first, second] = [normals(), normals(), normals(), normals().map(Math.abs)]
    const before = { parameters: parameters.slice(), first: first.slice(), second: second.slice() }
    workbench().reserve(20_000).fill(NaN)
    adamUpdate(options, step, rate, parameters, gradient, first, second)
    for (let k = 0; k < count; k++) {
      const m = beta1 * before.first[k] + (1 - beta1) * gradient[k]
      const v = beta2 * before.second[k] + (1 - beta2) * gradient[k] ** 2
      // The corrections of the first steps, as Kingma and Ba write them.
      const expected =
        before.parameters[k] - (rate * (m / (1 - beta1 ** (step + 1)))) / ((Math.sqrt(v) + epsilon) / Math.sqrt(1 - beta2 ** (step + 1)))
      expect(Math.abs(first[k] - m)).toBeLessThan(1e-6)
      expect(Math.abs(second[k] - v)).toBeLessThan(1e-6)
      expect(Math.abs(parameters[k] - expected)).toBeLessThan(1e-5 * (1 + Math.abs(expected - before.parameters[k])))
    }
  }
})
