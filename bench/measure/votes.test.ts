import { describe, expect, it } from 'vitest'
import { scoreVotes } from './votes.ts'

/** Probabilities that put most on the class chosen; [networks, images, classes]. */
function choosing(choices: readonly (readonly number[])[], classes: number): Float32Array {
  return Float32Array.from(
    choices.flatMap((network) => network.flatMap((choice) => Array.from({ length: classes }, (_, c) => (c === choice ? 0.6 : 0.1)))),
  )
}

describe('scoreVotes', () => {
  it('counts each network and their majority', () => {
    const labels = Uint8Array.of(0, 1, 2, 3)
    const networks = [
      [0, 1, 2, 0],
      [0, 1, 0, 0],
      [0, 2, 2, 3],
    ]
    expect(scoreVotes(choosing(networks, 5), labels, 5)).toEqual({ mean: (3 + 2 + 3) / 12, min: 0.5, max: 0.75, majority: 0.75 })
  })

  it('gives a tied vote to the lower class', () => {
    expect(scoreVotes(choosing([[1], [2]], 3), Uint8Array.of(1), 3).majority).toBe(1)
    expect(scoreVotes(choosing([[1], [2]], 3), Uint8Array.of(2), 3).majority).toBe(0)
  })
})
