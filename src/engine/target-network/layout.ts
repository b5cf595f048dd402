/** The canonical flat layout of a target's weights lives in shared, since stores and exports use it too. */
export { layOut } from '../../shared/target-layout.ts'
export type { LayerLayout, TargetLayout } from '../../shared/target-layout.ts'
