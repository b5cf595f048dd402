/** Measuring several participants in turns, so that whatever else the machine does meets all of them alike. */

/** One participant's measurements: its times, or why it dropped out. */
export type Measured = { times: number[] } | { failed: string }

export interface Participant {
  name: string
  /** Gets ready, untimed: set-up and warm-up. */
  prepare(): Promise<void>
  /** One turn; milliseconds of each repetition. */
  turn(): Promise<number[]>
}

/** Whose turn it is when: every participant once a round, in the same order. */
export function schedule(names: readonly string[], rounds: number): string[] {
  return Array.from({ length: rounds }, () => names).flat()
}

/**
 * Prepares all, then measures them in turns. One that fails is out, with its reason; the rest go on.
 * @param onTurn told of every turn
 */
export async function measureInTurns(
  participants: readonly Participant[],
  rounds: number,
  onTurn: (name: string, done: number, total: number) => void,
): Promise<Map<string, Measured>> {
  const measured = new Map<string, Measured>()
  const attempt = async (participant: Participant, act: () => Promise<number[]>): Promise<void> => {
    const before = measured.get(participant.name) ?? { times: [] }
    if ('failed' in before) return
    try {
      measured.set(participant.name, { times: [...before.times, ...(await act())] })
    } catch (thrown) {
      measured.set(participant.name, { failed: thrown instanceof Error ? thrown.message : String(thrown) })
    }
  }
  for (const participant of participants) {
    await attempt(participant, async () => {
      await participant.prepare()
      return []
    })
  }
  const byName = new Map(participants.map((participant) => [participant.name, participant]))
  const turns = schedule([...byName.keys()], rounds)
  for (const [i, name] of turns.entries()) {
    onTurn(name, i, turns.length)
    await attempt(byName.get(name)!, () => byName.get(name)!.turn())
  }
  return measured
}
