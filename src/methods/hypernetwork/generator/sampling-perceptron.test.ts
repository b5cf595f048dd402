import { beforeAll, expect, it } from 'vitest'
import { loadTensorFlow } from '../../../main/engine-host/load-tensorflow.ts'
import { native } from '../../../engine/native/native.ts'
import { randomStream } from '../../../engine/random/stream.ts'
import { layOut } from '../../../engine/target-network/layout.ts'
import { smallDocument } from '../../../engine/training/testing/small-run.ts'
import { Hypernetwork } from './hypernetwork.ts'
import { view } from '../parameter-layout.ts'
import { initialParameters } from './initial-parameters.ts'
import { foldPerceptron, forwardLoaded, loadPerceptron, withOnes } from './sampling-perceptron.ts'

beforeAll(() => loadTensorFlow())

it('folds batch norm into the weights without changing the function', () => {
  const { target } = smallDocument
  const code = [3, 1, 4]
  const spec = { ...smallDocument.method, code }
  const { layout } = new Hypernetwork(spec, layOut(target))
  const sizes = layout.codes.flatMap(({ count }, l) => Array<number>(count).fill(code[l]))
  const stream = randomStream(1, 'map', 0, 0)
  const parameters = initialParameters(spec, layout, 2).map((value) => value + 0.1 * stream.normal())
  const averages = Float32Array.from({ length: layout.averageCount }, () => 0.2 + stream.uniform())
  const input = Float32Array.from({ length: 3 * spec.latent }, () => stream.normal())
  const { tensors } = native()
  const loaded = loadPerceptron(native(), foldPerceptron(spec, layout.extractor, parameters, averages, sizes))
  const folded = forwardLoaded(native(), loaded, withOnes(input, spec.latent))
  native().free(...loaded.weights)
  expect(native().tensors).toBe(tensors)

  // The definition, in double precision: affine, leaky ReLU, then batch norm with the averages.
  let x = Array.from({ length: 3 }, (_, r) => [...input.subarray(r * spec.latent, (r + 1) * spec.latent)])
  for (const { weights, norm } of layout.extractor.layers) {
    const [inputs, outputs] = weights.shape
    const w = view(parameters, weights)
    x = x.map((row) =>
      Array.from({ length: outputs }, (_, o) => {
        let sum = 0
        for (let i = 0; i < inputs; i++) sum += row[i] * w[i * outputs + o]
        if (norm === null) return sum
        const active = sum > 0 ? sum : spec.leak * sum
        const deviation = Math.sqrt(view(averages, norm.variance)[o] + spec.batchNorm.epsilon)
        return ((active - view(averages, norm.mean)[o]) / deviation) * view(parameters, norm.scale)[o] + view(parameters, norm.offset)[o]
      }),
    )
  }
  const expected = x.flatMap((row) => {
    const rest = [...row]
    return sizes.flatMap((size) => [...rest.splice(0, size), 1])
  })
  expect(folded.length).toBe(expected.length)
  for (const [k, value] of expected.entries()) expect(Math.abs(folded[k] - value)).toBeLessThan(1e-4 * (1 + Math.abs(value)))
})
