/** The three ways to vote. */
import type { VoteAccuracies } from '../../../analyses/ensemble/definition.ts'

export interface Vote {
  key: keyof VoteAccuracies
  title: string
  explanation: string
}

export const votes: readonly Vote[] = [
  { key: 'meanProbability', title: 'Mean probability', explanation: 'The class with the highest mean of all members\u2019 probabilities.' },
  { key: 'majority', title: 'Majority', explanation: 'The class that most members name; among equals the one they are surer of.' },
  { key: 'mostConfident', title: 'Most confident', explanation: 'The class named by the single member that is surest.' },
]
