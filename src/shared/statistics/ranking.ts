/** What a score that ranks images is worth: whether doubt is where answers are wrong. */

/** Times that images are drawn anew for intervals of areas. */
export const redrawn = 400

/** Images from the least doubt to the most, those of equal doubt together. */
export interface Ranking {
  /** Images in that order. */
  order: Uint32Array
  /** Ends of the groups of equal doubt, as places in the order. */
  ends: Uint32Array
}

/** @param doubts of each image, finite */
export function rank(doubts: ArrayLike<number>): Ranking {
  const order = Uint32Array.from({ length: doubts.length }, (_, image) => image).sort((a, b) => doubts[a] - doubts[b])
  const ends: number[] = []
  for (let at = 1; at <= order.length; at++) if (at === order.length || doubts[order[at]] !== doubts[order[at - 1]]) ends.push(at)
  return { order, ends: Uint32Array.from(ends) }
}

/** How often an image counts: once, or as often as it was drawn. */
type Times = (image: number) => number
const once: Times = () => 1

/** Walks through the groups: how many images and how many wrong answers each has. */
function groups({ order, ends }: Ranking, wrong: ArrayLike<number>, times: Times, each: (images: number, errors: number) => void): void {
  let at = 0
  for (const end of ends) {
    let [images, errors] = [0, 0]
    for (; at < end; at++) {
      const count = times(order[at])
      images += count
      errors += count * wrong[order[at]]
    }
    if (images > 0) each(images, errors)
  }
}

/**
 * Share of wrong answers among the first 1, 2, ... images, where images of equal doubt come in any order and their errors
 * are spread evenly over them (El-Yaniv and Wiener 2010).
 * @param wrong 1 where the answer is, else 0
 * @returns [images]
 */
export function risks(ranking: Ranking, wrong: ArrayLike<number>): number[] {
  const found: number[] = []
  let before = 0
  groups(ranking, wrong, once, (images, errors) => {
    const start = found.length
    for (let one = 1; one <= images; one++) found.push((before + (errors * one) / images) / (start + one))
    before += errors
  })
  return found
}

/** Area under the risk-coverage curve: the mean of {@link risks} (Geifman and El-Yaniv 2017). */
export function areaUnderRisk(ranking: Ranking, wrong: ArrayLike<number>, times: Times = once): number {
  let [seen, before, sum] = [0, 0, 0]
  groups(ranking, wrong, times, (images, errors) => {
    for (let one = 1; one <= images; one++) sum += (before + (errors * one) / images) / (seen + one)
    seen += images
    before += errors
  })
  return sum / seen
}

/**
 * Area under the ROC curve of doubt as a sign of error: how often a wrong answer has more doubt than a right one, ties half
 * (Mann and Whitney 1947). NaN where all are right, or all wrong.
 */
export function areaUnderRoc(ranking: Ranking, wrong: ArrayLike<number>, times: Times = once): number {
  let [rightBelow, wrongs, wins] = [0, 0, 0]
  groups(ranking, wrong, times, (images, errors) => {
    const right = images - errors
    wins += errors * (rightBelow + right / 2)
    rightBelow += right
    wrongs += errors
  })
  return wins / (wrongs * rightBelow)
}

/** How well a score that ranks images by doubt tells outsiders from a data set's own. */
export interface Detection {
  /** Area under the ROC curve: how often an outsider has more doubt than one of its own, ties half. */
  roc: number
  /** Average precision where outsiders are sought from the most doubt on, and where its own are sought from the least on. */
  outside: number
  own: number
  /** Share of outsiders that are taken for its own where at least 95 % of its own are: the false positives at 95 % true positives. */
  missed: number
}

/** Share of its own images that are to be taken for its own. */
const kept = 0.95

/** @param isOutside 1 where an image is an outsider, else 0; there are some of both (Hendrycks and Gimpel 2017) */
export function detection(ranking: Ranking, isOutside: ArrayLike<number>, times: Times = once): Detection {
  let [images, outsiders] = [0, 0]
  for (const image of ranking.order) {
    images += times(image)
    outsiders += times(image) * isOutside[image]
  }
  const owns = images - outsiders
  let [ownBelow, outsideBelow, wins, outside, own] = [0, 0, 0, 0, 0]
  let missed: number | undefined
  groups(ranking, isOutside, times, (all, outsidersHere) => {
    const ownsHere = all - outsidersHere
    wins += outsidersHere * (ownBelow + ownsHere / 2)
    const sought = outsiders - outsideBelow
    outside += (outsidersHere / outsiders) * (sought / (sought + owns - ownBelow))
    ownBelow += ownsHere
    outsideBelow += outsidersHere
    own += (ownsHere / owns) * (ownBelow / (ownBelow + outsideBelow))
    if (ownBelow / owns >= kept) missed ??= outsideBelow / outsiders
  })
  return { roc: wins / (outsiders * owns), outside, own, missed: missed ?? 1 }
}
