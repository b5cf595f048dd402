import { expect, it } from 'vitest'
import { labelling } from '../../analyses/distillation/definition.ts'
import type { PreparedImages, TargetProgram } from '../target-network/program.ts'
import { layOut } from '../target-network/layout.ts'
import { scriptedSource } from '../training/testing/scripted.ts'
import { blobs, smallDocument } from '../training/testing/small-run.ts'
import { freshLessons, lessonsOf } from './lessons.ts'

const layout = layOut(smallDocument.target)
const images = blobs(60)
const indices = Int32Array.from({ length: 40 }, (_, i) => i + 5)
const batches = { seed: 3, imageBatch: 16, classes: 3 }

/** Network m says (m % 7 + image % 5) / 20 of the first class. */
const say = (network: number, image: number): number[] => {
  const first = ((network % 7) + (image % 5)) / 20
  return [first, 1 - first, 0]
}

/** @returns lessons, and the networks that were asked, step by step */
function scripted(first: number) {
  const asked: number[] = []
  // What is prepared keeps its indices as labels, so that it is known which images are asked about.
  const prepare = (_set: unknown, of: ArrayLike<number>): PreparedImages => ({
    ...{ count: of.length, labels: Int32Array.from(of), rows: new Uint8Array(0) },
  })
  const probabilitiesOn: TargetProgram['probabilitiesOn'] = (weights, prepared, n) => {
    const networks = Array.from({ length: n }, (_, i) => weights[i * layout.weightCount])
    asked.push(...networks)
    return Float32Array.from(networks.flatMap((network) => Array.from(prepared.labels, (image) => say(network, image)).flat()))
  }
  const program = { prepare, probabilitiesOn } as unknown as TargetProgram // no more of it is asked for
  return { asked, lessons: freshLessons({ ...batches, source: scriptedSource(layout, 3), program, images, indices, first }) }
}

it('of fresh networks are the mean of networks that no other step has, the same at each call', () => {
  const { asked, lessons } = scripted(50)
  const { committee } = labelling
  const [first, second] = [lessons(0), lessons(1)]
  expect(asked).toEqual(Array.from({ length: 2 * committee }, (_, i) => 50 + i))
  for (const [step, lesson] of [first, second].entries()) {
    expect(lesson.indices.every((image) => indices.includes(image))).toBe(true)
    lesson.indices.forEach((image, i) => {
      const teachers = Array.from({ length: committee }, (_, m) => 50 + step * committee + m)
      const mean = [0, 1, 2].map((c) => teachers.reduce((sum, network) => sum + say(network, image)[c] / committee, 0))
      mean.forEach((value, c) => expect(lesson.probabilities[3 * i + c]).toBeCloseTo(value, 5))
    })
  }
  expect(first.indices).not.toEqual(second.indices)
  expect(scripted(50).lessons(1)).toEqual(second)
  expect(scripted(70).lessons(0).probabilities).not.toEqual(first.probabilities)
})

it('are about the same images, whoever teaches', () => {
  const probabilities = Float32Array.from({ length: 3 * indices.length }, (_, k) => k)
  const ofEnsemble = lessonsOf({ indices, probabilities }, batches)(4)
  expect(ofEnsemble.indices).toEqual(scripted(50).lessons(4).indices)
  ofEnsemble.indices.forEach((image, i) => expect(ofEnsemble.probabilities[3 * i]).toBe(3 * indices.indexOf(image)))
})
