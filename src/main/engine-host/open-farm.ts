/** A job's farm: over the workers that have connected, or this process alone. */
import { createFarm } from '../../engine/farm/create-farm.ts'
import { LocalWorker } from '../../engine/farm/local-worker.ts'
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

/** What this process runs of the job's networks. */
export async function openLocalWorker({ document, data }: FarmJob, images: ImageSet): Promise<LocalWorker> {
  const layout = layOut(document.target)
  return new LocalWorker({
    layout,
    program: await createTargetProgram(layout),
    images,
    seed: document.seed,
    trainCount: data.split.train,
    imageBatch: document.training.imageBatch,
    augmentation: document.training,
  })
}

/** @param yieldToEventLoop called between networks */
export async function openFarm(
  job: FarmJob,
  images: ImageSet,
  ports: readonly FarmPort[],
  yieldToEventLoop: () => Promise<void>,
): Promise<Farm> {
  return createFarm(await openLocalWorker(job, images), ports, { yieldToEventLoop })
}
