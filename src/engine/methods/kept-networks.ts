/**
 * Networks that are kept as the training of one passes by: one array, [networks, weights], whose last is the network in
 * training. Those that are not kept yet are as it is.
 */

/** The network in training, [weights]: a view. */
export const inTraining = (all: Float32Array, size: number): Float32Array => all.subarray(all.length - size)

/** Before the first step. @param weights of the network in training @param all receives it in every place */
export function noneKept(weights: Float32Array, all: Float32Array): void {
  for (let at = 0; at < all.length; at += weights.length) all.set(weights, at)
}

/** After a change of the network in training. @param kept networks that were kept before it */
export function keepBehind(all: Float32Array, size: number, kept: number): void {
  for (let at = kept * size; at < all.length - size; at += size) all.copyWithin(at, all.length - size)
}
