/** Makes adversarial examples on some networks, alone or together, and asks them and others about these. */
import { targetOf, type Members } from '../../engine/analysis/attack.ts'
import type { RunAnalysis } from '../../engine/job-runner/analysis-task.ts'
import { Pacer } from '../../engine/job/pacer.ts'
import { createTargetProgram } from '../../engine/target-network/target-program.ts'
import { LabError } from '../../shared/errors.ts'
import { largest } from '../../shared/largest.ts'
import { splitRange } from '../../shared/split.ts'
import type { NamedArray } from '../analysis.ts'
import { AttackedImages } from '../../engine/analysis/attacked-images.ts'
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
import { fooledByEachOther } from './transfer.ts'
import { count } from '../../shared/wording.ts'

export const run: RunAnalysis<AdversarialOptions, AdversarialResult> = async ({ job, context, source, images: set, data, split }) => {
  const { options, seed } = job
  const { goal, madeOn } = options
  const networks = await source()
  const { classes } = data
  const pacer = new Pacer(context)
  const { from: start, count: images } = splitRange(data.split, split, job.images)
  const size = set.height * set.width * set.channels
  const perturbations = perturbationsOf(options)
  const labels = Int32Array.from(set.labels.subarray(start, start + images))
  const targets = labels.map((label, image) => targetOf(seed, image, label, classes))
  const pixels = Float32Array.from(set.images.subarray(start * size, (start + images) * size), (value) => value / 255)
  const program = await createTargetProgram(networks.target, { reference: { images: set, trainCount: data.split.train } })
  const made = new AttackedImages({ options, seed, program, pacer, pixels, labels, targets, perturbations, classes })

  /** The networks first..first + count, a block at a time, which the next is written over. */
  function* membersOf(first: number, count: number): Generator<Float32Array[]> {
    const { weightCount } = networks.target
    for (const { weights, count: some } of networks.networks(seed, first, count))
      yield Array.from({ length: some }, (_, i) => weights.subarray(i * weightCount, (i + 1) * weightCount))
  }

  const attacked = attackedOf(job.count, madeOn)
  const fresh = job.count - attacked * madeOn
  const all: Float32Array[] = []
  for (const block of membersOf(0, attacked * madeOn)) all.push(...block.map((weights) => weights.slice()))
  const groups = Array.from({ length: attacked }, (_, group): Members => all.slice(group * madeOn, (group + 1) * madeOn))
  const shareOf = (group: number): [number, number] => [
    Math.floor((group * images) / attacked),
    Math.floor(((group + 1) * images) / attacked),
  ]
  const counts = () => countsOf(perturbations.length, labels, targets)
  const isKept = new Uint8Array(images)
  /** Where who fools whom is asked, and what the attacked say there. */
  const place = transferPlace(perturbations, options)
  const answers = new Int32Array(images)
  const ofAttacked = counts()
  for (const [group, members] of groups.entries()) {
    await made.make(members, ...shareOf(group))
    for (const at of perturbations.keys())
      await made.ask([members], at, shareOf(group), (_, image, answer) => {
        if (at === place) answers[image] = answer
        if (perturbations[at] === 0) isKept[image] = Number(answer === labels[image])
        ofAttacked.count(at, image, answer)
      })
    pacer.progress((group + 1) * madeOn, job.count)
  }
  if (!isKept.includes(1)) throw nothingToFool(images)
  const transfer =
    attacked > 1
      ? await fooledByEachOther({ made, groups, shareOf, labels, isKept, answers, place, perturbation: perturbations[place] })
      : undefined

  const told = (one: Counts, of: number): Curve => one.curve(isKept, of, goal === 'targeted')
  const ofOthers = counts()
  const votes = new Uint16Array(perturbations.length * images * classes)
  const voted = (at: number, image: number): number => largest(votes, (at * images + image) * classes, classes)
  let asked = 0
  const sizes: { size: number; curve: Curve }[] = []
  for (const size of sizesOf(fresh)) {
    for (const block of membersOf(attacked * madeOn + asked, size - asked)) {
      for (const at of perturbations.keys())
        await made.ask(
          block.map((weights) => [weights]),
          at,
          [0, images],
          (_, image, answer) => {
            votes[(at * images + image) * classes + answer]++
            ofOthers.count(at, image, answer)
          },
        )
      asked += block.length
      pacer.progress(attacked * madeOn + asked, job.count)
    }
    const vote = counts()
    for (const at of perturbations.keys()) for (let image = 0; image < images; image++) vote.count(at, image, voted(at, image))
    sizes.push({ size, curve: told(vote, 1) })
  }

  const shown = shownOf(Array.from({ length: images }, (_, image) => image).filter((image) => isKept[image] === 1))
  const pictures = shown.flatMap((image) => [0, place].map((at) => made.at(at, image, image + 1)))
  return {
    arrays: { pictures: stacked(pictures, [shown.length, 2, set.height, set.width, set.channels]) },
    result: {
      ...{ madeOn, attacked, fresh, images, kept: isKept.reduce((sum, one) => sum + one, 0), split, perturbations },
      curves: { attacked: told(ofAttacked, 1), others: told(ofOthers, fresh), vote: sizes[sizes.length - 1].curve },
      sizes,
      ...(transfer === undefined ? {} : { transfer }),
      shown: {
        perturbation: perturbations[place],
        of: shown.map((image) => ({
          ...{ image, label: labels[image], target: goal === 'targeted' ? targets[image] : null, attacked: answers[image] },
          vote: voted(place, image),
        })),
      },
    },
  }
}

/** Arrays of equal length as one. */
function stacked(all: readonly Float32Array[], shape: readonly number[]): NamedArray {
  const data = new Float32Array(shape.reduce((product, side) => product * side))
  for (const [i, one] of all.entries()) data.set(one, i * one.length)
  return { shape, data }
}

const nothingToFool = (images: number): LabError =>
  new LabError(
    'invalid-argument',
    `The networks that are attacked get ${images === 1 ? 'the only image wrong' : `none of these ${count(images)} images right`}: there is nothing to fool them with.`,
    'Ask about more images, or train longer.',
    { settings: { images: null } },
  )
