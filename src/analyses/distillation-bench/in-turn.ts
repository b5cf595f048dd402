/** Times of several pieces of work, measured in turn: what slows the machine for a while slows all of them. */

interface Clock {
  /** Milliseconds. */
  now: () => number
  /** Between two pieces. */
  rest: () => Promise<void>
}

/** After so many turns, and so many milliseconds, it is enough; or after so many turns, however quick. */
const [fewest, enough, most] = [5, 10_000, 15]

/** Milliseconds of each piece in each turn, [pieces, turns]; a first turn, in which all is made ready, is not counted. */
export async function inTurn(pieces: readonly (() => void)[], { now, rest }: Clock): Promise<number[][]> {
  const times: number[][] = pieces.map(() => [])
  const start = now()
  for (let turn = 0; turn <= most && (turn <= fewest || now() - start < enough); turn++) {
    for (const [at, piece] of pieces.entries()) {
      const begun = now()
      piece()
      if (turn > 0) times[at].push(now() - begun)
      await rest()
    }
  }
  return times
}
