/** Records the gauge (gauge.ts) for many networks at once, with its way back (gauge-gradient.ts). */
import { float, joined, meanAlong, shaped, split, sumOver, transposed } from '../native/batch-ops.ts'
import type { Handle, Native } from '../native/native.ts'
import { add, multiply, subtract } from '../native/ops.ts'
import { TINY } from '../../shared/gauge-rules.ts'
import type { TargetLayout } from '../target-network/layout.ts'
import { gaugeSteps, type GaugeStep } from './gauge-steps.ts'

/** What the way back needs of a layer: weights are [networks, rows, filters], scales [networks, 1, filters]. */
interface Fixed {
  raw: Handle
  /** What rows were multiplied by, [networks, rows, 1]. */
  pushed: Handle | undefined
  /** Of its filters, where they were divided by it. */
  scale: Handle | undefined
  weights: Handle
}

/**
 * @param raw weights as generators give them, one array a layer: [networks * filters, rows], or of what is generated whole [networks, rows * filters]
 * @returns the fixed weights of each layer, [networks, rows, filters]; and from their gradients those of the raw ones, shaped like them
 */
export function recordGauge(native: Native, layout: TargetLayout, raw: readonly Handle[], networks: number) {
  const steps = gaugeSteps(layout)
  const fixed: Fixed[] = []
  for (const [l, step] of steps.entries()) fixed.push(fix(native, step, raw[l], fixed, networks))
  return {
    weights: fixed.map(({ weights }) => weights),
    backward(gradients: readonly Handle[]): Handle[] {
      const ofScales: (Handle | undefined)[] = []
      const results: Handle[] = []
      for (let l = steps.length - 1; l >= 0; l--) {
        const step = steps[l]
        const back = unfix(native, step, fixed[l], gradients[l], ofScales[l])
        if (step.pushedBy !== null) ofScales[step.pushedBy] = back.ofPushed
        results[l] = back.raw
      }
      return results
    },
  }
}

const isWhole = ({ layer }: GaugeStep): boolean => layer.codes !== layer.filters

function fix(native: Native, step: GaugeStep, given: Handle, before: readonly Fixed[], networks: number): Fixed {
  const { layer, own, pushedBy } = step
  const { fanIn, rows, filters, input } = layer
  const raw = isWhole(step)
    ? shaped(native, given, networks, rows, filters)
    : transposed(native, shaped(native, given, networks, filters, rows), 0, 2, 1)
  const scales = pushedBy === null ? undefined : before[pushedBy].scale
  let pushed: Handle | undefined
  if (scales !== undefined) {
    const channels = input[2]
    const tiled = native.run('Tile', [], shaped(native, scales, networks, channels, 1), native.vector(1, fanIn / channels, 1))
    const one = native.upload(new Float32Array(networks).fill(1), [networks, 1, 1])
    pushed = rows > fanIn ? joined(native, 1, tiled, one) : tiled
  }
  const u = pushed === undefined ? raw : multiply(native, raw, pushed)
  if (own === 'nothing' || (own === 'centre' && rows === fanIn)) return { raw, pushed, scale: undefined, weights: u }
  if (own === 'centre') return { raw, pushed, scale: undefined, weights: centred(native, step, u) }
  const tiny = float(native, TINY)
  const scale = native.run('Sqrt', [], add(native, meanAlong(native, native.run('Square', [], u), 1), tiny))
  return { raw, pushed, scale, weights: divide(native, u, add(native, scale, tiny)) }
}

/** Less the mean of the last row, where the biases are: its own transpose. */
function centred(native: Native, { layer: { fanIn, filters, rows } }: GaugeStep, x: Handle): Handle {
  const mask = new Float32Array(rows)
  mask[fanIn] = 1
  const mean = multiply(
    native,
    sumOver(native, x, 2),
    native.upload(
      mask.map((one) => one / filters),
      [1, rows, 1],
    ),
  )
  return subtract(native, x, mean)
}

/**
 * With y = u / s, h = mean(dL/dy y) - s dL/ds / rows: dL/du = (dL/dy - y h) / s. The number that keeps the division finite is left out
 * here: it changes this by a share of 1e-8 / s.
 */
function unfix(native: Native, step: GaugeStep, { raw, pushed, scale, weights: y }: Fixed, dy: Handle, ofScale: Handle | undefined) {
  const { layer, own } = step
  const { fanIn, filters, rows, input } = layer
  let du = own === 'centre' && rows > fanIn ? centred(native, step, dy) : dy
  if (scale !== undefined) {
    let h = meanAlong(native, multiply(native, dy, y), 1)
    if (ofScale !== undefined) h = subtract(native, h, multiply(native, multiply(native, scale, ofScale), float(native, 1 / rows)))
    du = divide(native, subtract(native, dy, multiply(native, y, h)), scale)
  }
  let ofPushed: Handle | undefined
  if (pushed !== undefined) {
    const along = sumOver(native, multiply(native, du, raw), 2) // [networks, rows, 1]
    const [kernel] = split(native, along, 1, rows > fanIn ? [fanIn, 1] : [fanIn])
    ofPushed = shaped(native, sumOver(native, shaped(native, kernel, -1, fanIn / input[2], input[2]), 1), -1, 1, input[2])
    du = multiply(native, du, pushed)
  }
  return {
    raw: isWhole(step) ? shaped(native, du, -1, rows * filters) : shaped(native, transposed(native, du, 0, 2, 1), -1, rows),
    ofPushed,
  }
}

const divide = (native: Native, a: Handle, b: Handle): Handle => native.run('RealDiv', [], a, b)
