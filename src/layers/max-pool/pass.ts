/** Max-pooling by itself, where it does not follow a convolution, which would do it as well. */
import { maxPool as pool, maxPoolGradient, poolAttributes } from '../../engine/native/ops.ts'
import type { MakePass } from '../../engine/target-network/layer-pass.ts'
import { isOf } from '../../engine/target-network/layout.ts'
import { poolPass } from '../../engine/target-network/pool-pass.ts'
import { maxPool } from './definition.ts'

export const makePass: MakePass = ([layer], { native }) => {
  if (!isOf(layer, maxPool)) throw new Error('No max-pooling')
  const attributes = poolAttributes(layer.layer.size)
  const pass = poolPass(
    native,
    (input) => pool(native, input, attributes),
    (dOutput, input, output) => maxPoolGradient(native, input, output, dOutput, attributes),
  )
  return { pass, layers: 1 }
}
