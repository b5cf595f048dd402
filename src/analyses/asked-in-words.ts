/** What analyses are asked of, in the words of their commands' help. */

/** Of images. */
export const firstImages = 'the first M images of the split, or "all"'
/** Of networks that are chosen, behind what becomes of these. */
export const byIndex = 'by index, with commas between'
