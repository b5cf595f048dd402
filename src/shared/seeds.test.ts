import { describe, expect, it } from 'vitest'
import { placesOf, readSeeds, repeatsOf, writeSeeds } from './seeds.ts'

describe('seeds as they are written', () => {
  it.each([
    ['1..5', [1, 2, 3, 4, 5]],
    ['1,4,9', [1, 4, 9]],
    [' 7 , 1 .. 3 ', [7, 1, 2, 3]],
    ['0', [0]],
    ['4294967294..4294967295', [4294967294, 4294967295]],
  ])('%s are read', (text, seeds) => {
    expect(readSeeds(text)).toEqual({ seeds })
  })

  it.each([
    ['', 'No seed is named: write seeds such as 1..5 or 1,4,9.'],
    ['5..1', '5..1 runs backwards: write 1..5.'],
    ['1,2,1', 'Seed 1 is named twice: the same seed gives the same run.'],
    ['1..3,2', 'Seed 2 is named twice: the same seed gives the same run.'],
    ['1..10000000', '10,000,000 seeds are too many: at most 100 at a time.'],
    ['1..60,101..160', '120 seeds are too many: at most 100 at a time.'],
    ['4294967296', 'A seed is a whole number from 0 to 4294967295.'],
    ['0..99999999999999999999999', 'A seed is a whole number from 0 to 4294967295.'],
    ['1;2', '"1;2" is no seed: write seeds such as 1..5 or 1,4,9.'],
    ['-1', '"-1" is no seed: write seeds such as 1..5 or 1,4,9.'],
    ['1..', '"1.." is no seed: write seeds such as 1..5 or 1,4,9.'],
    ['1,,2', '"" is no seed: write seeds such as 1..5 or 1,4,9.'],
  ])('%s is refused in a sentence', (text, refusal) => {
    expect(readSeeds(text)).toEqual({ refusal })
  })

  it('are written as they can be read', () => {
    for (const seeds of [[3], [1, 2], [1, 2, 3, 4], [1, 4, 9], [3, 2, 1]]) expect(readSeeds(writeSeeds(seeds))).toEqual({ seeds })
    expect(writeSeeds([1, 2, 3])).toBe('1..3')
  })
})

describe('repeats', () => {
  const run = (id: string, seed: number | null, family: string | null, step = 1) => ({ id, seed, family, step })
  const runs = [
    run('c', 3, 'f'),
    run('a', 1, 'f'),
    run('b', 2, 'f', 9),
    run('again', 2, 'f', 5),
    run('alone', 1, 'g'),
    run('fork', 4, null),
  ]

  it('are those of one family, each seed once, in order of seed', () => {
    const ids = (id: string) =>
      repeatsOf(
        runs.find((one) => one.id === id)!,
        runs,
        (a, b) => b.step - a.step,
      ).map((one) => one.id)
    expect(ids('a')).toEqual(['a', 'b', 'c'])
    expect(ids('again')).toEqual(['a', 'again', 'c'])
    expect(ids('alone')).toEqual(['alone'])
    expect(ids('fork')).toEqual([])
  })

  it('have places, and what has no repeats has none', () => {
    const places = placesOf(runs)
    expect(places.get('c')).toEqual({ place: 3, of: 3 })
    expect(places.get('again')).toEqual({ place: 2, of: 3 })
    expect([places.has('alone'), places.has('fork')]).toEqual([false, false])
  })
})
