import { readFileSync } from 'node:fs'
import { beforeAll, expect, it } from 'vitest'
import { gaugeGradient } from '../../../engine/gauge/gauge-gradient.ts'
import { fixGauge } from '../../../engine/gauge/gauge.ts'
import { layOut } from '../../../engine/target-network/layout.ts'
import { createTargetProgram } from '../../../engine/target-network/target-program.ts'
import { loadTensorFlow } from '../../../main/engine-host/load-tensorflow.ts'
import { Hypernetwork } from '../generator/hypernetwork.ts'
import { view } from '../parameter-layout.ts'
import { parseGolden } from '../verification/golden-file.ts'
import { flatten, goldenHypernetwork, goldenTarget, shapeOf } from '../verification/golden.ts'
import { diversityTerm, joinObjective } from './objective.ts'

beforeAll(() => loadTensorFlow())

it('is the loss of the authors’ code, and so is its gradient', async () => {
  const golden = parseGolden(JSON.parse(readFileSync(new URL('../verification/fixtures/authors.json', import.meta.url), 'utf8')))
  const section = golden.d_tiny_hypernetwork_train_mode
  const layout = layOut(goldenTarget(golden))
  const hypernetwork = new Hypernetwork(goldenHypernetwork(golden, layout.target), layout)
  const { parameters: entries, parameterCount } = hypernetwork.layout
  const parameters = new Float32Array(parameterCount)
  for (const entry of entries) view(parameters, entry).set(flatten(section.trainable_values[`${entry.name}:0`]))
  const [networks, batch] = shapeOf(section.x)
  const generated = hypernetwork.generateForTraining(parameters, flatten(section.z))
  const gauged = fixGauge(layout, generated.raw, networks)
  const program = await createTargetProgram(layout)
  const target = program.lossAndGradient(gauged.weights, flatten(section.x), Int32Array.from(flatten(section.labels)), networks, batch)

  const { objective, gradient } = joinObjective(section.lambda, target, diversityTerm(gauged.weights, networks, section.d))
  const near = (ours: number, theirs: number, size = Math.abs(theirs)): void => expect(Math.abs(ours - theirs) / size).toBeLessThan(1e-4)
  near(objective.loss, section.loss)
  near(objective.crossEntropy, section.cross_entropy)
  near(objective.entropy, section.entropy)
  const ours = generated.backward(gaugeGradient(layout, generated.raw, gauged, gradient, networks))
  generated.free()
  for (const entry of entries) {
    const theirs = flatten(section.grad_loss[`${entry.name}:0`])
    const largest = theirs.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
    for (const [k, value] of view(ours, entry).entries()) near(value, theirs[k], largest)
  }
})

it('joins what it is given, number by number', () => {
  const target = { loss: Float32Array.of(1, 3), accuracy: Float32Array.of(0.25, 0.75), gradient: Float32Array.of(1, 2, 3, 4) }
  const entropy = { entropy: 5, distances: Float64Array.of(2, 6), neighbours: Int32Array.of(1, 0) }
  const { objective, gradient } = joinObjective(10, target, { entropy, gradient: Float32Array.of(0.5, 0, -0.5, 1) })
  expect(objective).toEqual({ loss: 10 * 2 - 5, crossEntropy: 2, entropy: 5, trainingAccuracy: 0.5, nearestDistance: 4 })
  expect([...gradient]).toEqual([5.5, 10, 14.5, 21])
})

it('has two networks drive each other apart', () => {
  // Networks at 0 and (1, 3): L1 distance 4, both nearest to each other, so each is pulled by both ends: 2 d / n / 4.
  const { entropy, gradient } = diversityTerm(Float32Array.of(0, 0, 1, 3), 2, 6)
  expect(entropy.entropy).toBeCloseTo(6 * Math.log(4) + 1 - 0.5772156649, 6)
  expect([...entropy.distances]).toEqual([4, 4])
  expect([...gradient].map((value) => value.toFixed(5))).toEqual(['1.50000', '1.50000', '-1.50000', '-1.50000'])
})
