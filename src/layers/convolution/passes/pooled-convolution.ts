/** A convolution and the max-pooling right behind it, which its passes do in one go. */
import { isOf, type LayerLayout } from '../../../engine/target-network/layout.ts'
import type { Shape } from '../../layer-kind.ts'
import { maxPool } from '../../max-pool/definition.ts'
import { windowsOf, type Pooling } from '../../pooling.ts'
import { rises, type Activation } from '../../activation.ts'
import type { Padding } from '../../windows.ts'
import { convolution } from '../definition.ts'
import { windowsOf as convolutionWindows } from '../settings.ts'

export interface PooledConvolution {
  /** Side of the square kernel, and numbers of it that each filter has. */
  kernel: number
  fanIn: number
  filters: number
  activation: Activation
  stride: number
  padding: Padding
  bias: boolean
  /** Side and stride of the max-pooling; 1: there is none. */
  pool: number
  input: Shape
  /** After pooling. */
  output: Shape
  /** How many layers they are. */
  layers: number
}

/** The first layers of a chain, if they are such; undefined where the first is no convolution. */
export function pooledConvolution([first, second]: readonly LayerLayout[]): PooledConvolution | undefined {
  if (!isOf(first, convolution)) return undefined
  const { kernel, filters, bias = true, activation } = first.layer
  const { stride, padding } = convolutionWindows(first.layer)
  // The passes pool before the activation, which must not change which is the largest.
  const pooled =
    isOf(second, maxPool) && areSideBySide(second.layer) && rises(activation)
      ? { pool: second.layer.size, output: second.output, layers: 2 }
      : { pool: 1, output: first.output, layers: 1 }
  const { input } = first
  return { kernel, fanIn: kernel * kernel * input[2], filters, activation, stride, padding, bias, input, ...pooled }
}

/** Whether it is of the usual sort, which the fast passes are written for: SAME, stride 1, with a bias, and a ReLU or nothing. */
export const isPlain = ({ stride, padding, bias, activation }: PooledConvolution): boolean =>
  stride === 1 && padding === 'same' && bias && (activation === 'relu' || activation === 'none')

/** Whether a pooling's windows are those that the passes know: SAME, one beside the other. */
function areSideBySide(layer: Pooling): boolean {
  const { size, stride, padding } = windowsOf(layer)
  return stride === size && padding === 'same'
}
