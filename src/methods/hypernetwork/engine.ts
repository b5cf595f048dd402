/** The hypernetwork at work: training sessions and samplers, as every method gives them. */
import type { MethodEngine } from '../../engine/methods/method-engine.ts'
import { Sampler } from '../../engine/sampling/sampler.ts'
import { TrainingSession } from '../../engine/training/session.ts'
import { fromCheckpoint, toCheckpoint } from '../../engine/hypernetwork/training-state.ts'
import type { HypernetworkSpec } from './schema.ts'

export const engine: MethodEngine<HypernetworkSpec> = {
  createTrainer(document, farm, from) {
    const fresh = new TrainingSession(document, farm)
    const session = from === undefined ? fresh : new TrainingSession(document, farm, fromCheckpoint(fresh.hypernetwork, from))
    return {
      get done() {
        return session.state.step
      },
      async step() {
        const { loss, crossEntropy, entropy, accuracy: trainingAccuracy, nearestDistance } = await session.step()
        return { loss, crossEntropy, entropy, trainingAccuracy, nearestDistance }
      },
      toCheckpoint: () => toCheckpoint(session.state),
      source: () => new Sampler(session.hypernetwork, session.state),
    }
  },
  openSource: (document, checkpoint) => Sampler.fromCheckpoint(document, checkpoint),
}
