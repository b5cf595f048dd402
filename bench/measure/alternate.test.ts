import { describe, expect, it } from 'vitest'
import { measureInTurns, schedule, type Participant } from './alternate.ts'

/** A participant that writes down when it is called. */
function recorded(name: string, diary: string[], fail?: { at: 'prepare' | number }): Participant {
  let turns = 0
  return {
    name,
    prepare: () => {
      diary.push(`${name} prepares`)
      return fail?.at === 'prepare' ? Promise.reject(new Error('no room')) : Promise.resolve()
    },
    turn: () => {
      diary.push(name)
      return turns === fail?.at ? Promise.reject(new Error('died')) : Promise.resolve([turns++])
    },
  }
}

describe('schedule', () => {
  it('gives everyone a turn before anyone has a second', () => {
    expect(schedule(['a', 'b', 'c'], 2)).toEqual(['a', 'b', 'c', 'a', 'b', 'c'])
  })
})

describe('measureInTurns', () => {
  it('prepares all before the first turn, then alternates', async () => {
    const diary: string[] = []
    const measured = await measureInTurns([recorded('a', diary), recorded('b', diary)], 2, () => undefined)
    expect(diary).toEqual(['a prepares', 'b prepares', 'a', 'b', 'a', 'b'])
    expect(measured.get('a')).toEqual({ times: [0, 1] })
  })

  it('goes on without one that fails, and says why', async () => {
    const diary: string[] = []
    const all = [recorded('a', diary), recorded('b', diary, { at: 'prepare' }), recorded('c', diary, { at: 1 })]
    const measured = await measureInTurns(all, 3, () => undefined)
    expect(measured.get('a')).toEqual({ times: [0, 1, 2] })
    expect(measured.get('b')).toEqual({ failed: 'no room' })
    expect(measured.get('c')).toEqual({ failed: 'died' })
    expect(diary.filter((entry) => entry === 'b')).toEqual([])
    expect(diary.filter((entry) => entry === 'c')).toHaveLength(2)
  })
})
