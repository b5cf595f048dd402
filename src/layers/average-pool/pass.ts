/** Average-pooling in TensorFlow's kernels. */
import { poolAttributes } from '../../engine/native/ops.ts'
import type { MakePass } from '../../engine/target-network/layer-pass.ts'
import { isOf } from '../../engine/target-network/layout.ts'
import { poolPass } from '../../engine/target-network/pool-pass.ts'
import { averagePool } from './definition.ts'

export const makePass: MakePass = ([layer], { native, size }) => {
  if (!isOf(layer, averagePool)) throw new Error('No average-pooling')
  const attributes = poolAttributes(layer.layer.size)
  const inputShape = native.vector(size, ...layer.input)
  const pass = poolPass(
    native,
    (input) => native.run('AvgPool', attributes, input),
    (dOutput) => native.run('AvgPoolGrad', attributes, inputShape, dOutput),
  )
  return { pass, layers: 1 }
}
