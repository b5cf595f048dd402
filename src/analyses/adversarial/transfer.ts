/** Who fools whom: the images made on each of the attacked, tried on all of them. */
import type { Members } from '../../engine/analysis/attack.ts'
import { momentsOf } from '../../shared/statistics/moments.ts'
import type { AttackedImages } from '../../engine/analysis/attacked-images.ts'
import { shareOf as shareWithin, type AdversarialResult } from './definition.ts'

interface Question {
  made: AttackedImages
  groups: readonly Members[]
  /** The images that a group was attacked with. */
  shareOf: (group: number) => readonly [number, number]
  labels: Int32Array
  /** 1: the attacked is right on the image as it is; only these count. */
  isKept: Uint8Array
  /** What the attacked say of the images made on themselves, at this place among the perturbations. */
  answers: Int32Array
  place: number
  perturbation: number
}

export async function fooledByEachOther(question: Question): Promise<NonNullable<AdversarialResult['transfer']>> {
  const { made, groups, shareOf, labels, isKept, answers, place, perturbation } = question
  const table = () => groups.map(() => groups.map(() => 0))
  const [right, fooled] = [table(), table()]
  const shares: number[] = []
  for (const i of groups.keys()) {
    const [from, to] = shareOf(i)
    const others = [...groups.keys()].filter((j) => j !== i)
    const said = async (at: number): Promise<Int32Array[]> => {
      const all = groups.map((_, j) => (j !== i ? new Int32Array(labels.length) : at === 0 ? labels : answers))
      const members = others.map((j) => groups[j])
      await made.ask(members, at, [from, to], (one, image, answer) => (all[others[one]][image] = answer))
      return all
    }
    const plain = await said(0)
    const changed = place === 0 ? plain : await said(place)
    for (let image = from; image < to; image++) {
      if (isKept[image] === 0) continue
      let [rights, wrongs] = [0, 0]
      for (const j of groups.keys()) {
        if (plain[j][image] !== labels[image]) continue
        const isFooled = Number(changed[j][image] !== labels[image])
        right[i][j]++
        fooled[i][j] += isFooled
        if (j === i) continue
        rights++
        wrongs += isFooled
      }
      if (rights > 0) shares.push(wrongs / rights)
    }
  }
  return { perturbation, images: right, fooled, others: shareWithin(momentsOf(shares), shares.length), on: shares.length }
}
