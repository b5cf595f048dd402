/** A job's farm: over the workers that have connected, or this process alone. */
import { createLocalFarm } from '../../engine/farm/local-farm.ts'
import { createSpreadFarm } from '../../engine/farm/spread-farm.ts'
import { NetworkShare } from '../../engine/farm/network-share.ts'
import type { Farm } from '../../engine/farm/farm.ts'
import type { FarmPort } from '../../engine/farm/wire.ts'
import { layOut } from '../../engine/target-network/layout.ts'
import type { ImageSet } from '../../engine/target-network/program.ts'
import { createTargetProgram } from '../../engine/target-network/target-program.ts'
import type { DataReference } from '../../shared/engine-protocol.ts'
import type { Experiment } from '../../shared/experiment.ts'

/** What a farm needs to know of a job. */
export interface FarmJob {
  document: Pick<Experiment, 'target' | 'seed' | 'training'>
  data: DataReference
}

/** This process's share of the job's networks. */
export async function openShare({ document, data }: FarmJob, images: ImageSet): Promise<NetworkShare> {
  const layout = layOut(document.target)
  return new NetworkShare({
    layout,
    program: await createTargetProgram(layout),
    images,
    seed: document.seed,
    trainCount: data.split.train,
    imageBatch: document.training.imageBatch,
  })
}

/** @param letMessagesIn called between networks */
export async function openFarm(job: FarmJob, images: ImageSet, ports: readonly FarmPort[], letMessagesIn: () => Promise<void>): Promise<Farm> {
  const share = await openShare(job, images)
  return ports.length === 0 ? createLocalFarm(share, { letMessagesIn }) : createSpreadFarm(share, ports, { letMessagesIn })
}
