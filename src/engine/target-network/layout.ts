/** The canonical flat layout of a target's weights lives in shared, since stores and exports use it too. */
export { eachLayer, imageCosts, isOf, isWeighted, layOut } from '../../shared/target-layout.ts'
export type { LayerLayout, TargetLayout, WeightedLayout } from '../../shared/target-layout.ts'
