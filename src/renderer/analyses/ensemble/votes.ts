/** The three ways to vote. */
import { voteTitles } from '../../../analyses/ensemble/definition.ts'
import type { VoteAccuracies } from '../../../analyses/ensemble/definition.ts'

export interface Vote {
  key: keyof VoteAccuracies
  title: string
  explanation: string
}

export const votes: readonly Vote[] = [
  {
    key: 'meanProbability',
    title: voteTitles.meanProbability,
    explanation: 'The class with the highest mean of all members\u2019 probabilities.',
  },
  { key: 'majority', title: voteTitles.majority, explanation: 'The class that most members name; among equals the one they are surer of.' },
  { key: 'mostConfident', title: voteTitles.mostConfident, explanation: 'The class named by the single member that is surest.' },
]
