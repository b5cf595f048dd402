/** What golden numbers (src/shared/golden.ts) describe, in the engine's terms. */
import { LabError } from '../../../shared/errors.ts'
import type { Golden, Nested } from './golden-file.ts'
import type { Layer } from '../../../layers/registry.ts'
import type { HypernetworkSpec } from '../schema.ts'
import type { Target } from '../../../shared/experiment.ts'
import { layOut, type WeightedLayout } from '../../../engine/target-network/layout.ts'

/** The lengths of a nested list along each axis. */
export function shapeOf(value: Nested): number[] {
  return typeof value === 'number' ? [] : [value.length, ...(value.length > 0 ? shapeOf(value[0]) : [])]
}

/** A nested list as one flat array, row-major. */
export function flatten(value: Nested): Float32Array {
  const numbers: number[] = []
  const visit = (part: Nested): void => {
    if (typeof part === 'number') numbers.push(part)
    else part.forEach(visit)
  }
  visit(value)
  return Float32Array.from(numbers)
}

const inconsistent = (what: string): LabError =>
  new LabError('bad-input', `The golden numbers contradict themselves: ${what}.`, 'Compute the file again in one piece.')

/** The target that `b_gauge` describes: convolutions (kernels of rank 4) with their pools, then dense layers. */
export function goldenTarget(golden: Golden): Target {
  const { before, images, config } = golden.b_gauge
  const [height, width, channels] = shapeOf(images).slice(2) as [number, number, number]
  const layers: Layer[] = []
  const count = Object.keys(before).filter((name) => /^w\d+$/.test(name)).length
  const shapes = Array.from({ length: count }, (_, i) => {
    const weights = before[`w${i + 1}`]
    if (weights === undefined) throw inconsistent(`b_gauge.before has no w${i + 1}`)
    return shapeOf(weights).slice(1)
  })
  const anyDescribed = Object.keys(config).some((name) => name.startsWith('conv'))
  for (const [i, shape] of shapes.entries()) {
    // The first dense layer's kernel has rank 4 too; where no layer is described, it is the last of that rank.
    const described = config[`conv${i + 1}`] ?? ''
    const isConvolution = anyDescribed ? described !== '' : shapes[i + 1]?.length === 4
    if (shape.length === 4 && isConvolution) {
      const pool = Number(/pool\s*(\d+)/.exec(described)?.[1] ?? (anyDescribed ? 1 : 2))
      layers.push({ kind: 'convolution', kernel: shape[0], filters: shape[3], activation: 'relu' })
      if (pool > 1) layers.push({ kind: 'max-pool', size: pool })
    } else {
      layers.push({ kind: 'dense', units: shape.at(-1)!, activation: i === count - 1 ? 'none' : 'relu' })
    }
  }
  return { input: { height, width, channels }, layers }
}

/** The hypernetwork whose parameters `d_tiny_hypernetwork_train_mode` lists. */
export function goldenHypernetwork(golden: Golden, target: Target): HypernetworkSpec {
  const values = golden.d_tiny_hypernetwork_train_mode.trainable_values
  const widths = (scope: string): number[] => {
    const shapes: number[][] = []
    for (let i = 1; values[`${scope}/layer${i}_weights:0`] !== undefined; i++) shapes.push(shapeOf(values[`${scope}/layer${i}_weights:0`]))
    if (shapes.length === 0) throw inconsistent(`trainable_values has no ${scope}`)
    return [shapes[0][0], ...shapes.map((shape) => shape[1])]
  }
  const extractor = widths('extractor')
  const generators = layOut(target).weighted.map((_, l) => widths(`weight_generator${l + 1}`))
  return {
    kind: 'hypernetwork',
    lambda: golden.d_tiny_hypernetwork_train_mode.lambda,
    noiseBatch: shapeOf(golden.d_tiny_hypernetwork_train_mode.z)[0],
    latent: extractor[0],
    extractor: extractor.slice(1, -1),
    code: generators[0][0],
    generators: generators.map((generator) => generator.slice(1, -1)),
    leak: 0.05,
    batchNorm: { epsilon: 1e-7, decay: 0.98, debias: false },
    initialScale: 0.01,
  }
}

/** A layer's kernel and bias ([networks, ...kernel, out] and [networks, out]) as the gauge takes them. */
export function rawFromKernels(
  kernel: Float32Array,
  bias: Float32Array,
  { fanIn, filters, codes }: WeightedLayout,
  networks: number,
): Float32Array {
  const whole = codes === 1
  const raw = new Float32Array(networks * (fanIn + 1) * filters)
  for (let n = 0; n < networks; n++) {
    const from = n * (fanIn + 1) * filters
    for (let f = 0; f < filters; f++) {
      for (let i = 0; i < fanIn; i++) {
        const to = whole ? i * filters + f : f * (fanIn + 1) + i
        raw[from + to] = kernel[(n * fanIn + i) * filters + f]!
      }
      raw[from + (whole ? fanIn * filters + f : f * (fanIn + 1) + fanIn)] = bias[n * filters + f]!
    }
  }
  return raw
}
