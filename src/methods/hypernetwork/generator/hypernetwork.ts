/**
 * The hypernetwork G (paper, section on the generator): an extractor turns z into codes, and one weight
 * generator a target layer, shared by the layer's filters, turns each filter's code into its weights.
 */
import { hypernetwork as definition } from '../definition.ts'
import type { HypernetworkSpec } from '../schema.ts'
import type { RawWeights } from '../../../engine/gauge/gauge.ts'
import { native as currentNative } from '../../../engine/native/native.ts'
import type { TargetLayout } from '../../../engine/target-network/layout.ts'
import { joinCodes, splitCodes } from './codes.ts'
import { layOutParameters, type ParameterLayout } from '../parameter-layout.ts'
import { backward, forwardTraining, freeTape, updateAverages, type PerceptronTape } from './perceptron.ts'
import { foldPerceptron, forwardLoaded, loadPerceptron, withOnes } from './sampling-perceptron.ts'

/** A hypernetwork to sample from. */
export interface SamplingGenerator {
  /** Hands its weights to TensorFlow, once for any number of blocks of networks. */
  load(): LoadedGenerator
}

/** Free it when done. */
export interface LoadedGenerator {
  /** From z [networks, latent] to raw weights. */
  generate(z: Float32Array): RawWeights
  free(): void
}

export class Hypernetwork {
  readonly spec: HypernetworkSpec
  readonly target: TargetLayout
  readonly layout: ParameterLayout

  /** @throws LabError `invalid-argument` when specification and target do not fit */
  constructor(spec: HypernetworkSpec, target: TargetLayout) {
    definition.check(spec, target)
    this.spec = spec
    this.target = target
    this.layout = layOutParameters(spec, target)
  }

  /**
   * Generates raw weights with the batch's own statistics.
   * @param parameters flat; must not change until the batch is freed
   * @param z [networks, latent]
   * @returns raw weights, and the way back; free it when done
   */
  generateForTraining(parameters: Float32Array, z: Float32Array) {
    const { spec, layout } = this
    const networks = z.length / spec.latent
    const native = currentNative()
    const extractor = forwardTraining(native, spec, layout.extractor, parameters, z)
    const codes = splitCodes(native.download(extractor.output), sizesOf(layout), networks)
    const generators = layout.generators.map((entries, l) => forwardTraining(native, spec, entries, parameters, codes[l]))
    const tapes: [entries: typeof layout.extractor, tape: PerceptronTape][] = [
      [layout.extractor, extractor],
      ...generators.map((tape, l): [typeof layout.extractor, PerceptronTape] => [layout.generators[l], tape]),
    ]
    return {
      raw: generators.map(({ output }) => native.download(output)),
      /** Gradient of every parameter, flat, from one with respect to the raw weights, shaped like them. */
      backward: (upstream: RawWeights) => {
        const gradient = new Float32Array(layout.parameterCount)
        const codeGradients = generators.map((tape, l) => backward(native, spec, layout.generators[l], tape, upstream[l], gradient, true)!)
        const joined = joinCodes(codeGradients, sizesOf(layout), networks)
        backward(native, spec, layout.extractor, extractor, joined, gradient, false)
        return gradient
      },
      /** Folds this batch's statistics into the moving averages. */
      updateAverages: (averages: Float32Array) => {
        for (const [entries, tape] of tapes) updateAverages(native, entries, tape, averages, spec.batchNorm.decay)
      },
      free: () => {
        for (const [, tape] of tapes) freeTape(native, tape)
      },
    }
  }

  /**
   * The generator as networks are sampled from it, with moving averages.
   * @param averages flat, as {@link samplingAverages} gives them
   */
  forSampling(parameters: Float32Array, averages: Float32Array): SamplingGenerator {
    const { spec, layout } = this
    const extractor = foldPerceptron(
      spec,
      layout.extractor,
      parameters,
      averages,
      layout.codes.flatMap(({ count, width }) => Array<number>(count).fill(width)),
    )
    const generators = layout.generators.map((entries) => foldPerceptron(spec, entries, parameters, averages))
    return {
      load() {
        const native = currentNative()
        const [first, ...others] = [extractor, ...generators].map((perceptron) => loadPerceptron(native, perceptron))
        return {
          generate(z) {
            const joined = forwardLoaded(native, first, withOnes(z, spec.latent))
            const codes = splitCodes(joined, sizesOf(layout, 1), z.length / spec.latent)
            return others.map((generator, l) => forwardLoaded(native, generator, codes[l]))
          },
          free: () => {
            for (const { weights } of [first, ...others]) native.free(...weights)
          },
        }
      },
    }
  }
}

/** Numbers that a network has for each layer. @param more that stand behind each code */
export const sizesOf = ({ codes }: ParameterLayout, more = 0): number[] => codes.map(({ count, width }) => count * (width + more))
