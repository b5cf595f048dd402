/** Records a whole step: noise and images in, a few numbers out; parameters, moments and averages stay on the device. */
import type { Handle, Native } from '../../../engine/native/native.ts'
import { dataType } from '../../../engine/native/attributes.ts'
import { float, joined, shaped, split } from '../../../engine/native/batch-ops.ts'
import { add, multiply } from '../../../engine/native/ops.ts'
import type { Recorder } from '../../../engine/native/recorder.ts'
import { recordEntropy } from '../../../engine/diversity/record-entropy.ts'
import { recordGauge } from '../../../engine/gauge/record-gauge.ts'
import { byLayer, inOneRow, recordLoss, recordNetworks } from '../../../engine/target-network/record-networks.ts'
import type { PassMakers } from '../../../engine/target-network/layer-passes.ts'
import type { Experiment } from '../../../shared/experiment.ts'
import { sizesOf, type Hypernetwork } from '../generator/hypernetwork.ts'
import type { Entry } from '../parameter-layout.ts'
import { recordPerceptron, type Named } from '../generator/record-perceptron.ts'

/** What stays on the device. */
export const kept = ['parameters', 'firstMoment', 'secondMoment', 'averages'] as const

export function recordTraining(
  recorder: Recorder,
  hypernetwork: Hypernetwork,
  { imageBatch, ...training }: Experiment['training'],
  makers: PassMakers,
): void {
  const { native } = recorder
  const { spec, target, layout } = hypernetwork
  const { noiseBatch: networks, latent, lambda, batchNorm } = spec
  const { height, width, channels } = target.target.input
  const size = {
    parameters: layout.parameterCount,
    firstMoment: layout.parameterCount,
    secondMoment: layout.parameterCount,
    averages: layout.averageCount,
  }
  const variables = kept.map((name) => recorder.variable(`kept/${name}`, [size[name]]))
  const [parameters, firstMoment, secondMoment, averages] = variables
  recorder.effect(
    'begin',
    variables.map((variable, i) => ['AssignVariableOp', [variable, recorder.feed(kept[i], [size[kept[i]]])]] as const),
  )
  for (const [i, name] of kept.entries()) recorder.output(name, recorder.read(variables[i]))

  const named = cut(native, recorder.read(parameters), layout.parameters)
  const [moments, gradients]: Named[] = [new Map(), new Map()]
  const perceptron = (entries: typeof layout.extractor, input: Handle) =>
    recordPerceptron(native, spec, entries, named, input, moments, gradients)
  const extractor = perceptron(layout.extractor, recorder.feed('noise', [1, 1, networks, latent]))
  const codes = split(native, extractor.output, 3, sizesOf(layout))
  const generators = layout.generators.map((entries, l) => perceptron(entries, shaped(native, codes[l], 1, 1, -1, layout.codes[l].width)))
  const gauge = recordGauge(
    native,
    target,
    generators.map(({ output }) => output),
    networks,
  )

  const flat = inOneRow(native, target, gauge.weights)
  const entropy = recordEntropy(native, flat, networks, target.weightCount, latent, -1)
  const images = recorder.feed('images', [networks * imageBatch, height, width, channels], dataType.uint8)
  const run = recordNetworks(native, target, makers, gauge.weights, images, { networks, batch: imageBatch, share: false })
  const labels = recorder.feed('labels', [networks * imageBatch], dataType.int32)
  const { loss, accuracy, gradient } = recordLoss(native, run.logits, labels, networks, imageBatch)
  const ofEntropy = byLayer(native, target, entropy.gradient)
  const ofWeights = run
    .backward(multiply(native, gradient, float(native, lambda / networks)))
    .map((own, l) => add(native, own, ofEntropy[l]))

  const ofCodes = gauge.backward(ofWeights).map((d, l) => {
    const [last] = layout.generators[l].layers.slice(-1)
    const below = generators[l].backward(shaped(native, d, 1, 1, -1, last.weights.shape[1]), true)!
    return shaped(native, below, 1, 1, networks, sizesOf(layout)[l])
  })
  extractor.backward(joined(native, 3, ...ofCodes), false)

  const total = joined(native, 0, ...layout.parameters.map((entry) => shaped(native, gradients.get(entry)!, -1)))
  const waiting = [
    recorder.variable('waiting/gradient', [layout.parameterCount]),
    recorder.variable('waiting/averages', [layout.averageCount]),
  ]
  const fresh = add(
    native,
    multiply(native, recorder.read(averages), float(native, batchNorm.decay)),
    multiply(native, joined(native, 0, ...layout.averages.map((entry) => moments.get(entry)!)), freshShare(native, hypernetwork)),
  )
  recorder.effect('step', [
    ['AssignVariableOp', [waiting[0], total]],
    ['AssignVariableOp', [waiting[1], fresh]],
  ])
  recorder.output('loss', loss)
  recorder.output('accuracy', accuracy)
  recorder.output('distances', entropy.distances)
  // Zero where every number of the gradient is one.
  recorder.output('fault', native.run('Sum', [], multiply(native, total, float(native, 0)), native.vector(0)))

  const { beta1, beta2, epsilon } = training
  const zero = float(native, 0) // the corrections are in the rate
  const rate = recorder.feed('rate', [])
  const adam = [parameters, firstMoment, secondMoment, zero, zero, rate, float(native, beta1), float(native, beta2), float(native, epsilon)]
  recorder.effect('update', [
    ['ResourceApplyAdam', [...adam, recorder.read(waiting[0])]],
    ['AssignVariableOp', [averages, recorder.read(waiting[1])]],
  ])
}

/** A flat array by its entries: matrices as they are, all else flat. */
function cut(native: Native, flat: Handle, entries: readonly Entry[]): Named {
  const parts = split(
    native,
    flat,
    0,
    entries.map(({ size }) => size),
  )
  return new Map(entries.map((entry, i) => [entry, entry.shape.length > 1 ? shaped(native, parts[i], ...entry.shape) : parts[i]]))
}

/** What of a batch's moments goes into the averages: the kernel reports the unbiased variance, and the average is of the biased one. */
function freshShare(native: Native, { spec, layout }: Hypernetwork): Handle {
  const share = new Float32Array(layout.averageCount).fill(1 - spec.batchNorm.decay)
  for (const [l, { layers }] of [layout.extractor, ...layout.generators].entries()) {
    const rows = spec.noiseBatch * (l === 0 ? 1 : layout.codes[l - 1].count)
    for (const { norm } of layers)
      if (norm !== null) for (let k = 0; k < norm.variance.size; k++) share[norm.variance.offset + k] *= (rows - 1) / rows
  }
  return native.upload(share, [share.length])
}
