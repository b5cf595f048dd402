/** Makes adversarial examples on some networks (fast gradient sign method), and asks them and others about these. */
import type { RunAnalysis } from '../../engine/job-runner/analysis-task.ts'
import { Pacer } from '../../engine/job/pacer.ts'
import { randomStream } from '../../engine/random/stream.ts'
import { createTargetProgram } from '../../engine/target-network/target-program.ts'
import { LabError } from '../../shared/errors.ts'
import { largest } from '../../shared/largest.ts'
import { splitRange } from '../../shared/split.ts'
import { momentsOf, type Moments } from '../../shared/statistics/moments.ts'
import { attackedOf, perturbationsOf, type AdversarialOptions, type AdversarialResult, type Curve } from './definition.ts'

/** Images of which one network's answers are asked at a time, so that messages come in. */
const AT_ONCE = 500
/** The same of gradients, which cost more. */
const GRADIENTS_AT_ONCE = 100

export const run: RunAnalysis<AdversarialOptions, AdversarialResult> = async ({ job, context, source, images: set, data, split }) => {
  const { goal, clip } = job.options
  const networks = await source()
  const { weightCount } = networks.target
  const program = await createTargetProgram(networks.target)
  const pacer = new Pacer(context)
  const range = splitRange(data.split, split)
  const images = Math.min(job.images ?? range.count, range.count)
  const size = set.height * set.width * set.channels
  const perturbations = perturbationsOf(job.options)
  const attacked = attackedOf(job.count)
  const labels = Int32Array.from(set.labels.subarray(range.from, range.from + images))
  const targets = labels.map((label, image) => targetOf(job.seed, image, label, data.classes))
  const pixels = Float32Array.from(set.images.subarray(range.from * size, (range.from + images) * size), (value) => value / 255)
  const signs = new Float32Array(pixels.length)
  const isKept = new Uint8Array(images)
  const counts = () => countsOf(perturbations.length, labels, targets)
  const found = { attacked: counts(), others: counts(), vote: counts() }

  /** Puts the answers of a network about images from..to at each perturbation. */
  async function ask(
    weights: Float32Array,
    from: number,
    to: number,
    hear: (at: number, image: number, answer: number) => void,
  ): Promise<void> {
    for (const [at, k] of perturbations.entries()) {
      for (let first = from; first < to; first += AT_ONCE) {
        const last = Math.min(to, first + AT_ONCE)
        const changed = perturbed(pixels.subarray(first * size, last * size), signs.subarray(first * size, last * size), k, clip)
        const said = program.probabilities(weights, changed, 1, last - first)
        for (let image = first; image < last; image++) hear(at, image, largest(said, (image - first) * data.classes, data.classes))
        await pacer.yieldToEventLoop()
      }
    }
  }

  /** Makes a network's share of the images, and asks it about them. */
  async function attack(network: number, weights: Float32Array): Promise<void> {
    const [from, to] = [Math.floor((network * images) / attacked), Math.floor(((network + 1) * images) / attacked)]
    // Down the loss of the target, or up that of the right class.
    const [aim, way] = goal === 'targeted' ? [targets, -1] : [labels, 1]
    for (let first = from; first < to; first += GRADIENTS_AT_ONCE) {
      const last = Math.min(to, first + GRADIENTS_AT_ONCE)
      const gradient = program.imageGradient(weights, pixels.subarray(first * size, last * size), aim.subarray(first, last))
      for (let i = 0; i < gradient.length; i++) signs[first * size + i] = way * Math.sign(gradient[i])
      await pacer.yieldToEventLoop()
    }
    await ask(weights, from, to, (at, image, answer) => {
      if (perturbations[at] === 0) isKept[image] = Number(answer === labels[image])
      found.attacked.count(at, image, answer)
    })
  }

  const votes = new Uint16Array(perturbations.length * images * data.classes)
  async function askOther(weights: Float32Array): Promise<void> {
    if (!isKept.includes(1)) throw nothingToFool(images)
    await ask(weights, 0, images, (at, image, answer) => {
      votes[(at * images + image) * data.classes + answer]++
      found.others.count(at, image, answer)
    })
  }

  for (const block of networks.networks(job.seed, 0, job.count)) {
    for (let i = 0; i < block.count; i++) {
      const network = block.first + i
      const weights = block.weights.subarray(i * weightCount, (i + 1) * weightCount)
      await (network < attacked ? attack(network, weights) : askOther(weights))
      pacer.progress(network + 1, job.count)
    }
  }
  for (const at of perturbations.keys()) {
    for (let image = 0; image < images; image++) {
      const from = (at * images + image) * data.classes
      found.vote.count(at, image, largest(votes, from, data.classes))
    }
  }
  const fresh = job.count - attacked
  const told = (counts: Counts, asked: number): Curve => counts.curve(isKept, asked, goal === 'targeted')
  return {
    result: {
      attacked,
      fresh,
      images,
      kept: isKept.reduce((sum, one) => sum + one, 0),
      split,
      perturbations,
      curves: { attacked: told(found.attacked, 1), others: told(found.others, fresh), vote: told(found.vote, 1) },
    },
  }
}

const nothingToFool = (images: number): LabError =>
  new LabError(
    'invalid-argument',
    `The networks that are attacked get none of these ${images} images right: there is nothing to fool them with.`,
    'Ask about more images, or train longer.',
    { settings: { images: null } },
  )

/** A wrong class, the same for an image whatever else is asked. */
export function targetOf(seed: number, image: number, label: number, classes: number): number {
  const drawn = randomStream(seed, 'adversarial-targets', 0, image).integer(classes - 1)
  return drawn < label ? drawn : drawn + 1
}

/** x + k / 255 sign, between black and white where they are clipped. */
export function perturbed(pixels: Float32Array, signs: Float32Array, k: number, clip: boolean): Float32Array {
  const changed = new Float32Array(pixels.length)
  for (let i = 0; i < pixels.length; i++) {
    const value = pixels[i] + (k / 255) * signs[i]
    changed[i] = clip ? Math.min(1, Math.max(0, value)) : value
  }
  return changed
}

interface Counts {
  count(at: number, image: number, answer: number): void
  /** @param asked how many networks were, about each image */
  curve(isKept: Uint8Array, asked: number, targeted: boolean): Curve
}

/** Wrong answers, and those that name the target, by perturbation and image. */
function countsOf(perturbations: number, labels: Int32Array, targets: Int32Array): Counts {
  const images = labels.length
  const wrong = new Uint32Array(perturbations * images)
  const hit = new Uint32Array(perturbations * images)
  const moments = (counts: Uint32Array, isKept: Uint8Array, asked: number): Moments[] =>
    Array.from({ length: perturbations }, (_, at) => {
      const own = counts.subarray(at * images, (at + 1) * images)
      return momentsOf(Float64Array.from(own, (n) => n / asked).filter((_share, image) => isKept[image] === 1))
    })
  return {
    count(at, image, answer) {
      const place = at * images + image
      if (answer !== labels[image]) wrong[place]++
      if (answer === targets[image]) hit[place]++
    },
    curve: (isKept, asked, targeted) => ({
      wrong: moments(wrong, isKept, asked),
      target: targeted ? moments(hit, isKept, asked) : null,
    }),
  }
}
