/** The images of an attack, as they are and as they are changed by each perturbation. */
import { descend, imageGradient, meanProbabilities, perturbed, type Members } from './attack.ts'
import type { Pacer } from '../job/pacer.ts'
import type { TargetProgram } from '../target-network/program.ts'
import { largest } from '../../shared/largest.ts'
import type { AdversarialOptions } from '../../analyses/adversarial/definition.ts'

/** Images of which one network's answers are asked at a time, so that messages come in. */
const AT_ONCE = 500
/** The same of gradients, which cost more. */
const GRADIENTS_AT_ONCE = 100

interface About {
  options: AdversarialOptions
  seed: number
  program: TargetProgram
  pacer: Pacer
  /** [images, size], from 0 to 1. */
  pixels: Float32Array
  labels: Int32Array
  targets: Int32Array
  /** Of 255. */
  perturbations: readonly number[]
  classes: number
}

export class AttackedImages {
  readonly size: number
  readonly #about: About
  /** Of one step the signs tell all; many steps lead elsewhere for each perturbation. */
  readonly #signs: Float32Array | null
  readonly #moved: readonly Float32Array[]

  constructor(about: About) {
    const { options, pixels, labels, perturbations } = about
    this.#about = about
    this.size = pixels.length / labels.length
    this.#signs = options.attack === 'pgd' ? null : new Float32Array(pixels.length)
    this.#moved = this.#signs === null ? perturbations.map(() => new Float32Array(pixels.length)) : []
  }

  /** Images first..last as they are changed by a perturbation. */
  at(place: number, first: number, last: number): Float32Array {
    const { pixels, perturbations, options } = this.#about
    const [from, to] = [first * this.size, last * this.size]
    if (perturbations[place] === 0) return pixels.subarray(from, to)
    if (this.#signs === null) return this.#moved[place].subarray(from, to)
    return perturbed(pixels.subarray(from, to), this.#signs.subarray(from, to), perturbations[place], options.clip)
  }

  /** Makes images from..to, to fool some networks together. */
  async make(members: Members, from: number, to: number): Promise<void> {
    const { options, seed, program, pacer, pixels, labels, targets, perturbations } = this.#about
    const { size } = this
    // Down the loss of the target, or up that of the right class.
    const [aim, way] = options.goal === 'targeted' ? [targets, -1] : [labels, 1]
    for (let first = from; first < to; first += GRADIENTS_AT_ONCE) {
      const last = Math.min(to, first + GRADIENTS_AT_ONCE)
      const own = pixels.subarray(first * size, last * size)
      const step = (at: Float32Array) =>
        imageGradient(program, members, at, aim.subarray(first, last)).map((slope) => way * Math.sign(slope))
      this.#signs?.set(step(own), first * size)
      for (const [place, moved] of this.#moved.entries()) {
        const k = perturbations[place]
        if (k > 0) moved.set(await descend({ ...options, seed, first, k, pixels: own, size, step, pacer }), first * size)
      }
      await pacer.yieldToEventLoop()
    }
  }

  /** Puts the answers of each of several, a network or some by their mean probability, about images from..to at a perturbation. */
  async ask(
    asked: readonly Members[],
    place: number,
    [from, to]: readonly [number, number],
    hear: (one: number, image: number, answer: number) => void,
  ): Promise<void> {
    const { program, pacer, classes } = this.#about
    for (let first = from; first < to; first += AT_ONCE) {
      const last = Math.min(to, first + AT_ONCE)
      const changed = this.at(place, first, last)
      for (const [one, members] of asked.entries()) {
        const said = meanProbabilities(program, members, changed, last - first)
        for (let image = first; image < last; image++) hear(one, image, largest(said, (image - first) * classes, classes))
        await pacer.yieldToEventLoop()
      }
    }
  }
}
