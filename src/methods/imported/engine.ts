/** Imported networks: the checkpoint holds them as one array [networks, weights], canonical layout, and nothing trains them. */
import { StoredNetworks } from '../../engine/methods/stored-networks.ts'
import type { DocumentOf } from '../../engine/methods/method-engine.ts'
import { layOut } from '../../engine/target-network/layout.ts'
import { arrayEngine } from '../../engine/training/array-engine.ts'
import { notTrained } from '../../shared/not-trained.ts'
import type { ImportedSpec } from './schema.ts'

export const engine = arrayEngine((document: DocumentOf<ImportedSpec>) => {
  const layout = layOut(document.target)
  const refuse = (): never => {
    throw notTrained(document)
  }
  return {
    sizes: { weights: document.method.networks * layout.weightCount },
    begin: refuse,
    advance: refuse,
    source: (_step, { weights }) => new StoredNetworks(layout, weights),
  }
})
