/** Activations on handles, forward and back. */
import { slope, type Activation } from '../../layers/activation.ts'
import { floatAttribute } from './attributes.ts'
import type { Handle, Native } from './native.ts'
import { add, multiply, relu, reluGradient } from './ops.ts'

interface ActivationOps {
  /** @returns a handle of its own */
  forward(native: Native, sums: Handle): Handle
  /** @param from the output, or the sums where {@link bySums} says so */
  backward(native: Native, dy: Handle, from: Handle): Handle
  /** Whether the way back needs the sums. */
  bySums: boolean
}

const leak = [floatAttribute('alpha', slope)]

export const activations: Readonly<Record<Exclude<Activation, 'none'>, ActivationOps>> = {
  relu: { forward: relu, backward: reluGradient, bySums: false },
  'leaky-relu': {
    forward: (native, sums) => native.run('LeakyRelu', leak, sums),
    backward: (native, dy, output) => native.run('LeakyReluGrad', leak, dy, output), // the output has the sums' signs
    bySums: false,
  },
  tanh: {
    forward: (native, sums) => native.run('Tanh', [], sums),
    backward: (native, dy, output) => native.run('TanhGrad', [], output, dy),
    bySums: false,
  },
  gelu: {
    forward(native, sums) {
      const chance = normalChance(native, sums)
      const output = multiply(native, sums, chance)
      native.free(chance)
      return output
    },
    // d(x P(x)) = P(x) + x p(x), with p the density of P.
    backward(native, dy, sums) {
      const squared = multiply(native, sums, sums)
      const exponent = times(native, squared, -0.5)
      const power = native.run('Exp', [], exponent)
      const density = times(native, power, 1 / Math.sqrt(2 * Math.PI))
      const steep = multiply(native, sums, density)
      const chance = normalChance(native, sums)
      const derivative = add(native, chance, steep)
      const result = multiply(native, dy, derivative)
      native.free(squared, exponent, power, density, steep, chance, derivative)
      return result
    },
    bySums: true,
  },
}

/** The chance that a standard normal number is smaller: (1 + erf(x / sqrt 2)) / 2. */
function normalChance(native: Native, x: Handle): Handle {
  const divided = times(native, x, Math.SQRT1_2)
  const error = native.run('Erf', [], divided)
  const half = times(native, error, 0.5)
  const middle = native.upload(Float32Array.of(0.5), [])
  const chance = add(native, half, middle)
  native.free(divided, error, half, middle)
  return chance
}

function times(native: Native, x: Handle, factor: number): Handle {
  const number = native.upload(Float32Array.of(factor), [])
  const result = multiply(native, x, number)
  native.free(number)
  return result
}
