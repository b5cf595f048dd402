/** Makes adversarial examples on some networks, alone or together, and asks them and others about these. */
import type { RunAnalysis } from '../../engine/job-runner/analysis-task.ts'
import { Pacer } from '../../engine/job/pacer.ts'
import { createTargetProgram } from '../../engine/target-network/target-program.ts'
import { LabError } from '../../shared/errors.ts'
import { largest } from '../../shared/largest.ts'
import { splitRange } from '../../shared/split.ts'
import { momentsOf } from '../../shared/statistics/moments.ts'
import { descend, imageGradient, meanProbabilities, perturbed, targetOf } from '../../engine/analysis/attack.ts'
import { countsOf, type Counts } from './counts.ts'
import {
  attackedOf,
  perturbationsOf,
  shownOf,
  sizesOf,
  transferPlace,
  type AdversarialOptions,
  type AdversarialResult,
  type Curve,
} from './definition.ts'

/** Images of which one network's answers are asked at a time, so that messages come in. */
const AT_ONCE = 500
/** The same of gradients, which cost more. */
const GRADIENTS_AT_ONCE = 100

export const run: RunAnalysis<AdversarialOptions, AdversarialResult> = async ({ job, context, source, images: set, data, split }) => {
  const { goal, clip, madeOn } = job.options
  const networks = await source()
  const { weightCount } = networks.target
  const { classes } = data
  const program = await createTargetProgram(networks.target)
  const pacer = new Pacer(context)
  const { from: start, count: images } = splitRange(data.split, split, job.images)
  const size = set.height * set.width * set.channels
  const perturbations = perturbationsOf(job.options)
  const attacked = attackedOf(job.count, madeOn)
  const labels = Int32Array.from(set.labels.subarray(start, start + images))
  const targets = labels.map((label, image) => targetOf(job.seed, image, label, classes))
  const pixels = Float32Array.from(set.images.subarray(start * size, (start + images) * size), (value) => value / 255)
  // Of one step the signs tell all; many steps lead elsewhere for each perturbation.
  const signs = new Float32Array(job.options.attack === 'pgd' ? 0 : pixels.length)
  const moved = perturbations.map(() => new Float32Array(job.options.attack === 'pgd' ? pixels.length : 0))
  const isKept = new Uint8Array(images)
  /** Where who fools whom is asked, and what the attacked say there. */
  const place = transferPlace(perturbations, job.options)
  const answers = new Int32Array(images)
  const counts = () => countsOf(perturbations.length, labels, targets)
  const found = { attacked: counts(), others: counts(), vote: counts() }
  const shareOf = (group: number): [number, number] => [
    Math.floor((group * images) / attacked),
    Math.floor(((group + 1) * images) / attacked),
  ]

  /** Images first..last as they are attacked with a perturbation. */
  const attackedImages = (at: number, first: number, last: number): Float32Array => {
    const [from, to] = [first * size, last * size]
    if (signs.length === 0) return perturbations[at] === 0 ? pixels.subarray(from, to) : moved[at].subarray(from, to)
    return perturbed(pixels.subarray(from, to), signs.subarray(from, to), perturbations[at], clip)
  }

  /** Puts the answers of networks, by their mean probability, about images from..to at some of the perturbations. */
  async function ask(
    members: readonly Float32Array[],
    from: number,
    to: number,
    hear: (at: number, image: number, answer: number) => void,
    at: Iterable<number> = perturbations.keys(),
  ): Promise<void> {
    for (const one of at) {
      for (let first = from; first < to; first += AT_ONCE) {
        const last = Math.min(to, first + AT_ONCE)
        const said = meanProbabilities(program, members, attackedImages(one, first, last), last - first)
        for (let image = first; image < last; image++) hear(one, image, largest(said, (image - first) * classes, classes))
        await pacer.yieldToEventLoop()
      }
    }
  }

  /** Makes a group's share of the images, and asks it about them. */
  async function attack(group: number, members: readonly Float32Array[]): Promise<void> {
    const [from, to] = shareOf(group)
    // Down the loss of the target, or up that of the right class.
    const [aim, way] = goal === 'targeted' ? [targets, -1] : [labels, 1]
    for (let first = from; first < to; first += GRADIENTS_AT_ONCE) {
      const last = Math.min(to, first + GRADIENTS_AT_ONCE)
      const own = pixels.subarray(first * size, last * size)
      const step = (at: Float32Array) =>
        imageGradient(program, members, at, aim.subarray(first, last)).map((slope) => way * Math.sign(slope))
      if (signs.length > 0) signs.set(step(own), first * size)
      else
        for (const [at, k] of perturbations.entries())
          if (k > 0)
            moved[at].set(await descend({ ...job.options, seed: job.seed, first, k, pixels: own, size, step, pacer }), first * size)
      await pacer.yieldToEventLoop()
    }
    await ask(members, from, to, (at, image, answer) => {
      if (at === place) answers[image] = answer
      if (perturbations[at] === 0) isKept[image] = Number(answer === labels[image])
      found.attacked.count(at, image, answer)
    })
  }

  const votes = new Uint16Array(perturbations.length * images * classes)
  const sizes = sizesOf(job.count - attacked * madeOn)
  const bySize: { size: number; curve: Curve }[] = []
  let asked = 0
  async function askOther(weights: Float32Array): Promise<void> {
    if (!isKept.includes(1)) throw nothingToFool(images)
    await ask([weights], 0, images, (at, image, answer) => {
      votes[(at * images + image) * classes + answer]++
      found.others.count(at, image, answer)
    })
    asked++
    if (!sizes.includes(asked)) return
    const vote = counts()
    for (const at of perturbations.keys())
      for (let image = 0; image < images; image++) vote.count(at, image, largest(votes, (at * images + image) * classes, classes))
    bySize.push({ size: asked, curve: told(vote, 1) })
  }
  const told = (one: Counts, of: number): Curve => one.curve(isKept, of, goal === 'targeted')

  const groups = Array.from({ length: attacked }, (): Float32Array[] => [])
  let transfer: AdversarialResult['transfer']
  for (const block of networks.networks(job.seed, 0, job.count)) {
    for (let i = 0; i < block.count; i++) {
      const network = block.first + i
      const weights = block.weights.subarray(i * weightCount, (i + 1) * weightCount)
      const group = Math.floor(network / madeOn)
      if (group < attacked) {
        groups[group].push(weights.slice())
        if (groups[group].length === madeOn) await attack(group, groups[group])
        if (network === attacked * madeOn - 1 && attacked > 1) transfer = await fooledByEachOther()
      } else await askOther(weights)
      pacer.progress(network + 1, job.count)
    }
  }

  /** Tries the images of each group on all. */
  async function fooledByEachOther(): Promise<NonNullable<AdversarialResult['transfer']>> {
    const table = () => groups.map(() => groups.map(() => 0))
    const [right, fooled] = [table(), table()]
    const [rightOthers, fooledOthers] = [new Float64Array(images), new Float64Array(images)]
    for (const [j, members] of groups.entries()) {
      for (const i of groups.keys()) {
        const wasRight = new Uint8Array(images)
        const hear = (at: number, image: number, answer: number): void => {
          if (isKept[image] === 0) return
          const isRight = answer === labels[image]
          if (at === 0 && isRight) {
            wasRight[image] = 1
            right[i][j]++
            if (i !== j) rightOthers[image]++
          } else if (at === place && wasRight[image] === 1 && !isRight) {
            fooled[i][j]++
            if (i !== j) fooledOthers[image]++
          }
        }
        await ask(members, ...shareOf(i), hear, new Set([0, place]))
      }
    }
    const shares = fooledOthers.map((n, image) => n / rightOthers[image]).filter((share) => !Number.isNaN(share))
    return { perturbation: perturbations[place], images: right, fooled, others: momentsOf(shares), on: shares.length }
  }

  const fresh = job.count - attacked * madeOn
  const shown = shownOf(Array.from({ length: images }, (_, image) => image).filter((image) => isKept[image] === 1))
  const pictures = new Float32Array(2 * shown.length * size)
  for (const [i, image] of shown.entries()) {
    pictures.set(pixels.subarray(image * size, (image + 1) * size), 2 * i * size)
    pictures.set(attackedImages(place, image, image + 1), (2 * i + 1) * size)
  }
  return {
    arrays: { pictures: { shape: [shown.length, 2, set.height, set.width, set.channels], data: pictures } },
    result: {
      ...{ madeOn, attacked, fresh, images, kept: isKept.reduce((sum, one) => sum + one, 0), split, perturbations },
      curves: { attacked: told(found.attacked, 1), others: told(found.others, fresh), vote: bySize[bySize.length - 1].curve },
      sizes: bySize,
      ...(transfer === undefined ? {} : { transfer }),
      shown: {
        perturbation: perturbations[place],
        of: shown.map((image) => ({
          ...{ image, label: labels[image], target: goal === 'targeted' ? targets[image] : null, attacked: answers[image] },
          vote: largest(votes, (place * images + image) * classes, classes),
        })),
      },
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
