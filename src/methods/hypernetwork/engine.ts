/** The hypernetwork at work: training sessions, samplers and golden numbers, as every method gives them. */
import type { MethodEngine } from '../../engine/methods/method-engine.ts'
import { Sampler } from './sampling/sampler.ts'
import { DeviceSession } from './training/device-session.ts'
import { TrainingSession } from './training/session.ts'
import { verify } from './verification/verify.ts'
import type { HypernetworkSpec } from './schema.ts'

export const engine: MethodEngine<HypernetworkSpec> = {
  createTrainer: (document, farm, from) =>
    farm.device === undefined ? new TrainingSession(document, farm, from) : new DeviceSession(document, farm.device, from),
  openSource: (document, checkpoint) => Sampler.fromCheckpoint(document, checkpoint),
  golden: { section: 'd_tiny_hypernetwork_train_mode', verify },
}
