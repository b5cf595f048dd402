/** The canonical flat layout of a target's weights lives in shared, since stores and exports use it too. */
export { eachLayer, hasStatistics, imageCosts, isOf, isWeighted, layOut, referenceCount } from '../../shared/target-layout.ts'
export type { LayerLayout, PlacedArray, TargetLayout, WeightedLayout } from '../../shared/target-layout.ts'
