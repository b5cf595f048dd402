/** Average-pooling in TensorFlow's kernels. */
import type { MakePass } from '../../engine/target-network/layer-pass.ts'
import { isOf } from '../../engine/target-network/layout.ts'
import { poolPass } from '../../engine/target-network/pool-pass.ts'
import { windowsOf } from '../pooling.ts'
import { averagePool } from './definition.ts'

export const makePass: MakePass = ([layer], { native, size }) => {
  if (!isOf(layer, averagePool)) throw new Error('No average-pooling')
  const inputShape = native.vector(size, ...layer.input)
  return { pass: poolPass(native, 'AvgPool', windowsOf(layer.layer), (dOutput) => [inputShape, dOutput]), layers: 1 }
}
