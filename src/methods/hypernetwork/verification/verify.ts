/** Checks the engine against golden numbers: gauge, entropy, a whole hypernetwork forward and backward. */
import type { VerifyResult } from '../../../shared/results.ts'
import { addEntropyGradient, estimateEntropy } from '../../../engine/diversity/entropy.ts'
import { gaugeGradient } from '../../../engine/gauge/gauge-gradient.ts'
import { fixGauge } from '../../../engine/gauge/gauge.ts'
import { Hypernetwork } from '../generator/hypernetwork.ts'
import { view } from '../parameter-layout.ts'
import { layOut, type TargetLayout } from '../../../engine/target-network/layout.ts'
import { createTargetProgram } from '../../../engine/target-network/target-program.ts'
import { goldenPoints, parseGolden, type Golden, type Nested } from './golden-file.ts'
import { flatten, goldenHypernetwork, goldenTarget, rawFromKernels, shapeOf } from './golden.ts'

/** Largest relative error that passes: |ours - golden| over the golden array's largest entry. */
export const TOLERANCE = 1e-4

/** Collects one relative error a named quantity. */
class Checks {
  readonly list: { name: string; relativeError: number }[] = []

  add(name: string, ours: ArrayLike<number>, golden: ArrayLike<number>): void {
    let largest = 0
    let error = ours.length === golden.length ? 0 : Infinity
    for (let i = 0; i < golden.length; i++) {
      largest = Math.max(largest, Math.abs(golden[i]))
      const difference = Math.abs(ours[i] - golden[i])
      error = difference <= error ? error : difference // NaN sticks
    }
    this.list.push({ name, relativeError: error === 0 ? 0 : error / largest })
  }
}

/**
 * Runs every check that the golden numbers allow.
 * @param value golden numbers as read from their JSON file
 * @throws LabError `bad-input` when they are not in the expected form
 */
export async function verify(value: unknown): Promise<VerifyResult> {
  const golden = parseGolden(value)
  const checks = new Checks()
  const layout = layOut(goldenTarget(golden))
  checkEntropy(golden, checks)
  await checkGauge(golden, layout, checks)
  await checkHypernetwork(golden, layout, checks)
  let worst = checks.list[0]
  for (const check of checks.list) if (!(check.relativeError <= worst.relativeError)) worst = check
  return { ok: checks.list.every(({ relativeError }) => relativeError <= TOLERANCE), worst, checks: checks.list }
}

function checkEntropy({ a_entropy: section }: Golden, checks: Checks): void {
  if (section === undefined) return
  const points = goldenPoints(section)
  const vectors = flatten(points)
  const n = shapeOf(points)[0]
  for (const [name, expected] of Object.entries(section.values)) {
    const dimension = Number(/\d+/.exec(name)?.[0])
    checks.add(`entropy ${name}`, [estimateEntropy(vectors, n, dimension).entropy], [expected])
  }
  checks.add('nearest distances', estimateEntropy(vectors, n, 1).distances, flatten(section.nearest_l1))
}

/** Kernel and bias of every layer, joined to the canonical flat layout: [networks, weights]. */
function canonical(tensors: Record<string, Nested>, layout: TargetLayout, networks: number): Float32Array {
  const weights = new Float32Array(networks * layout.weightCount)
  for (const [l, { fanIn, filters, kernelOffset, biasOffset }] of layout.weighted.entries()) {
    const kernel = flatten(tensors[`w${l + 1}`])
    const bias = flatten(tensors[`b${l + 1}`])
    for (let n = 0; n < networks; n++) {
      weights.set(kernel.subarray(n * fanIn * filters, (n + 1) * fanIn * filters), n * layout.weightCount + kernelOffset)
      weights.set(bias.subarray(n * filters, (n + 1) * filters), n * layout.weightCount + biasOffset)
    }
  }
  return weights
}

async function checkGauge({ b_gauge: section }: Golden, layout: TargetLayout, checks: Checks): Promise<void> {
  const [networks, batch] = shapeOf(section.images) as [number, number]
  const raw = layout.weighted.map((layer, l) =>
    rawFromKernels(flatten(section.before[`w${l + 1}`]), flatten(section.before[`b${l + 1}`]), layer, networks),
  )
  const gauged = fixGauge(layout, raw, networks)
  checks.add('gauge: weights', gauged.weights, canonical(section.after, layout, networks))
  const program = await createTargetProgram(layout)
  const images = flatten(section.images)
  const before = canonical(section.before, layout, networks)
  checks.add('gauge: logits before', program.logits(before, images, networks, batch), flatten(section.logits_before))
  checks.add('gauge: logits after', program.logits(gauged.weights, images, networks, batch), flatten(section.logits_after))
  if (section.probs_after !== undefined && networks === 1) {
    checks.add('gauge: probabilities', program.probabilities(gauged.weights, images, 1, batch), flatten(section.probs_after))
  }
}

async function checkHypernetwork(golden: Golden, layout: TargetLayout, checks: Checks): Promise<void> {
  const section = golden.d_tiny_hypernetwork_train_mode
  const hypernetwork = new Hypernetwork(goldenHypernetwork(golden, layout.target), layout)
  const { parameters: entries, parameterCount } = hypernetwork.layout
  const parameters = new Float32Array(parameterCount)
  for (const entry of entries) view(parameters, entry).set(flatten(section.trainable_values[`${entry.name}:0`]))
  const [networks, batch] = shapeOf(section.x) as [number, number]

  const generated = hypernetwork.generateForTraining(parameters, flatten(section.z))
  const gauged = fixGauge(layout, generated.raw, networks)
  checks.add('weights', gauged.weights, flatten(section.flattened_network))
  const program = await createTargetProgram(layout)
  const images = flatten(section.x)
  checks.add('logits', program.logits(gauged.weights, images, networks, batch), flatten(section.logits))
  const target = program.lossAndGradient(gauged.weights, images, Int32Array.from(flatten(section.labels)), networks, batch)
  const crossEntropy = target.loss.reduce((sum, loss) => sum + loss / networks, 0)
  const entropy = estimateEntropy(gauged.weights, networks, section.d)
  checks.add('cross-entropy', [crossEntropy], [section.cross_entropy])
  checks.add('entropy', [entropy.entropy], [section.entropy])
  checks.add('loss', [section.lambda * crossEntropy - entropy.entropy], [section.loss])

  const pullBack = (gradient: Float32Array): Float32Array =>
    generated.backward(gaugeGradient(layout, generated.raw, gauged, gradient, networks))
  const ofCrossEntropy = target.gradient.map((g) => g / networks)
  const ofEntropy = new Float32Array(ofCrossEntropy.length)
  addEntropyGradient(gauged.weights, networks, section.d, entropy, 1, ofEntropy)
  const parts: [name: string, gradient: Float32Array, expected: Record<string, Nested>][] = [
    ['loss', ofCrossEntropy.map((g, i) => section.lambda * g - ofEntropy[i]), section.grad_loss],
    ['cross-entropy', ofCrossEntropy, section.grad_cross_entropy],
    ['entropy', ofEntropy, section.grad_entropy],
  ]
  for (const [name, gradient, expected] of parts) {
    const ours = pullBack(gradient)
    for (const entry of entries) {
      checks.add(`gradient of ${name}: ${entry.name}`, view(ours, entry), flatten(expected[`${entry.name}:0`]))
    }
  }
  generated.free()
}
