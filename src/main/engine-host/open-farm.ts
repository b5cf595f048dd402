/** A job's farm: over the workers that have connected, or this process alone. */
import { createFarm } from '../../engine/farm/create-farm.ts'
import { createDeviceFarm } from '../../engine/farm/device-farm.ts'
import { LocalWorker, type LocalWorkerOptions } from '../../engine/farm/local-worker.ts'
import type { Farm } from '../../engine/farm/farm.ts'
import type { FarmPort } from '../../engine/farm/wire.ts'
import { layOut } from '../../engine/target-network/layout.ts'
import type { ImageSet } from '../../engine/target-network/program.ts'
import { loadPassMakers } from '../../engine/target-network/layer-passes.ts'
import { createTargetProgram } from '../../engine/target-network/target-program.ts'
import type { DataReference } from '../../shared/engine-protocol.ts'
import type { Experiment } from '../../shared/experiment.ts'
import { loadModel } from './load-model.ts'

/** What a farm needs to know of a job. */
export interface FarmJob {
  document: Pick<Experiment, 'target' | 'seed' | 'training'>
  data: DataReference
}

/** What this process runs of the job's networks. */
export async function openLocalWorker(job: FarmJob, images: ImageSet): Promise<LocalWorker> {
  return new LocalWorker(await optionsOf(job, images))
}

async function optionsOf({ document, data }: FarmJob, images: ImageSet): Promise<LocalWorkerOptions> {
  const layout = layOut(document.target)
  return {
    layout,
    program: await createTargetProgram(layout, { reference: { images, trainCount: data.split.train } }),
    images,
    seed: document.seed,
    trainCount: data.split.train,
    imageBatch: document.training.imageBatch,
    augmentation: document.training,
  }
}

/**
 * @param ports of the workers beside this process; or the device, on which all networks run at once
 * @param yieldToEventLoop called between networks
 */
export async function openFarm(
  job: FarmJob,
  images: ImageSet,
  ports: readonly FarmPort[] | 'device',
  yieldToEventLoop: () => Promise<void>,
): Promise<Farm> {
  if (ports !== 'device') return createFarm(await openLocalWorker(job, images), ports, { yieldToEventLoop })
  const options = await optionsOf(job, images)
  return createDeviceFarm({ ...options, makers: await loadPassMakers(options.layout), loadModel, yieldToEventLoop })
}
