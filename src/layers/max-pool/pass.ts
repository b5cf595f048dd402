/** Max-pooling by itself, where it does not follow a convolution, which would do it as well. */
import type { MakePass } from '../../engine/target-network/layer-pass.ts'
import { isOf } from '../../engine/target-network/layout.ts'
import { poolPass } from '../../engine/target-network/pool-pass.ts'
import { windowsOf } from '../pooling.ts'
import { maxPool } from './definition.ts'

export const makePass: MakePass = ([layer], { native }) => {
  if (!isOf(layer, maxPool)) throw new Error('No max-pooling')
  return { pass: poolPass(native, 'MaxPool', windowsOf(layer.layer), (dOutput, input, output) => [input, output, dOutput]), layers: 1 }
}
