/** What ranks images by doubt: two of probabilities alone, one of how networks differ. */

export const doubtKinds = ['confidence', 'entropy', 'information'] as const
export type DoubtKind = (typeof doubtKinds)[number]

export const doubtNames: Record<DoubtKind, string> = {
  confidence: 'Largest probability',
  entropy: 'Entropy',
  information: 'Mutual information',
}

/** The same of each. */
export const perDoubt = <T>(of: (kind: DoubtKind) => T): Record<DoubtKind, T> => ({
  confidence: of('confidence'),
  entropy: of('entropy'),
  information: of('information'),
})

/** Images of a sort, such as wrong answers: of fewer, intervals would hold too seldom (docs/decisions/intervals.md). */
export const fewestRanked = 20
