/** The mean over all places in TensorFlow's kernels: an average-pooling whose window is the image. */
import type { MakePass } from '../../engine/target-network/layer-pass.ts'
import { poolPass } from '../../engine/target-network/pool-pass.ts'

export const makePass: MakePass = ([{ input }], { native, size }) => {
  const [height, width] = input
  const inputShape = native.vector(size, ...input)
  return { pass: poolPass(native, 'AvgPool', { size: [height, width], stride: 1, padding: 'valid' }, (dy) => [inputShape, dy]), layers: 1 }
}
