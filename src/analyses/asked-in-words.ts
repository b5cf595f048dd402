/** What analyses are asked of, in the words of their commands' help. */

/** Of images. */
export const firstImages = 'the first M images of the split, or "all"'
/** Of networks that are chosen, behind what becomes of these. */
export const byIndex = 'by index, with commas between'

/** Images that only colour points, of analyses that work on weights. @param what they give without */
export const colouring = (what: string) => ({
  default: 200,
  help: 'images of the split that give each point its accuracy, loss and disagreement',
  without: { flag: 'colours', help: `${what} only: no network is tested` },
})
