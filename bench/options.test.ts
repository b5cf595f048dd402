import { describe, expect, it } from 'vitest'
import { readOptions } from './options.ts'

describe('readOptions', () => {
  it('has usual values', () => {
    expect(readOptions(['step'])).toMatchObject({
      bench: 'step',
      json: false,
      rounds: undefined,
      rivals: ['tensorflow', 'jax'],
      preset: undefined,
      set: [],
    })
  })

  it('reads what is given', () => {
    const options = readOptions([
      'accuracy',
      '--json',
      '--rounds',
      '3',
      '--rivals',
      'torch,jax',
      '--set',
      'a=1',
      '--set',
      'b=2',
      '--every',
      '10',
    ])
    expect(options).toMatchObject({ bench: 'accuracy', json: true, rounds: 3, rivals: ['torch', 'jax'], set: ['a=1', 'b=2'], every: 10 })
    expect(readOptions(['step', '--rivals', 'none'])!.rivals).toEqual([])
    expect(readOptions(['golden', 'some.json'])!.file).toBe('some.json')
    expect(readOptions(['--help'])).toBeNull()
  })

  it.each([
    [[], 'No bench was named'],
    [['stp'], 'There is no bench "stp"'],
    [['step', 'more'], 'takes options only'],
    [['step', '--rounds', '0'], '--rounds is "0"'],
    [['step', '--rounds', 'two'], '--rounds is "two"'],
    [['step', '--rivals', 'tensorflow,numpy'], 'There is no rival "numpy"'],
    [['step', '--fast'], '--fast'],
  ])('refuses %j', (args, message) => {
    expect(() => readOptions(args)).toThrow(
      expect.objectContaining({ code: 'invalid-argument', message: expect.stringContaining(message) as string }),
    )
  })
})
