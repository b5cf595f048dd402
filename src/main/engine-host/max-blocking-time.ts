/**
 * How long a job computes without a pause for messages, so that big targets and big methods are
 * not taken for hangs. The smallest pieces of work between which messages are let in are: one
 * network's images of a step, a few networks on a block of images, what makes
 * weights, what its method does of a step in one go, and what is done with its whole state
 * (initial weights above all, then the optimiser's update, a checkpoint, what networks are sampled with).
 */
import { findAnalysis } from '../../analyses/registry.ts'
import { arithmeticOf } from '../../shared/arithmetic.ts'
import type { EngineJob } from '../../shared/engine-protocol.ts'
import { imageCosts, layOut, referenceCount } from '../../shared/target-layout.ts'

/** A second of one thread of a slow core: operations in TensorFlow, and in JavaScript; numbers of a state that are drawn. */
const slow = { tensorFlow: 2e10, script: 1e9, state: 1e7 }
/** Images, over several networks together, that are gone through at a time when networks are evaluated: see networksAtOnce in engine/farm/farm.ts. */
const imagesAtOnce = 4000

/** How much longer a processor takes for networks that are run all at once, as products of patches. */
const slower = 8

/**
 * Milliseconds that the longest such piece takes on a slow core; 0 where every piece is short whatever the document says.
 * @param together whether all networks of a step are one piece
 */
export function maxBlockingTime(job: EngineJob, together = false): number {
  // Golden numbers are small, and checked in one go.
  if (job.kind === 'verify') return 20_000
  // What networks said before is counted image by image.
  if (job.kind === 'analysis' && findAnalysis(job.analysis)?.worksOn === 'probabilities') return 0
  const { imageBatch } = job.document.training
  const { networks, operations, inOneGo, state } = arithmeticOf(job.document)
  const layout = layOut(job.document.target)
  const forward = imageCosts(layout).operations
  const generate = operations * Math.max(networks, 200)
  const evaluate = forward * (imagesAtOnce + referenceCount(layout))
  const whole = state / slow.state
  if (job.kind !== 'train') return 1000 * Math.max(generate / slow.tensorFlow, evaluate / slow.tensorFlow, whole)
  const train = 3 * forward * imageBatch * (together ? slower * networks : 1)
  return 1000 * Math.max(Math.max(3 * generate, evaluate, train) / slow.tensorFlow, inOneGo / slow.script, whole)
}
