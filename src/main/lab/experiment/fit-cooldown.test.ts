import { expect, it } from 'vitest'
import { presetDocument } from './document.ts'
import { fitCooldown } from './fit-cooldown.ts'
import { parseAssignment, setValues } from './set-values.ts'

const notes: string[] = []
const quick = presetDocument('mnist-quick')
const fitted = (...given: string[]) => {
  const settings = given.map(parseAssignment)
  return fitCooldown(setValues(quick, settings), settings, (note) => notes.push(note)).training
}

it('refuses a cool-down that is longer than the run, at its field', () => {
  expect(() => fitted('training.steps=100', 'training.cooldown=101')).toThrow(
    expect.objectContaining({
      code: 'invalid-argument',
      message: 'A cool-down of 101 steps is longer than the run, which has 100.',
      help: { settings: { 'training.cooldown': null } },
    }),
  )
  expect(() => fitted(`training.cooldown=${quick.training.steps + 1}`)).toThrow()
  expect(fitted('training.steps=100', 'training.cooldown=100')).toMatchObject({ steps: 100, cooldown: 100 })
})

it('makes one that nobody asked for as long as a shorter run, and says so; what is not changed stays', () => {
  expect(fitted('training.steps=100')).toMatchObject({ steps: 100, cooldown: 100 })
  expect(notes).toEqual([expect.stringContaining('as long as the run, 100 steps')])
  expect(fitted('training.steps=500').cooldown).toBe(quick.training.cooldown)
  const older = { ...quick, training: { ...quick.training, steps: 10 } }
  expect(fitCooldown(older, [], () => undefined)).toBe(older)
})
