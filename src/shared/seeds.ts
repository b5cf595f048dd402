/** Repeats of a run over seeds: how seeds are written, and which runs are repeats of each other. */
import { z } from 'zod'
import { count } from './wording.ts'

/** The greatest: seeds are 32 bits. */
export const lastSeed = 0xffffffff
export const seedSchema = z.int().min(0).max(lastSeed)
/** Seeds at a time. */
export const maxSeeds = 100

const example = 'such as 1..5 or 1,4,9'

/** Each once. */
export const seedsSchema = z
  .array(seedSchema)
  .min(1)
  .max(maxSeeds)
  .refine((seeds) => new Set(seeds).size === seeds.length, 'A seed is named twice')

/** `1..5` or `1,4,9`, or both: seeds in the order written; or why not, in a sentence. */
export function readSeeds(text: string): { seeds: number[] } | { refusal: string } {
  if (text.trim() === '') return { refusal: `No seed is named: write seeds ${example}.` }
  const seeds: number[] = []
  for (const part of text.split(',')) {
    const [, first, last = first] = /^\s*(\d+)\s*(?:\.\.\s*(\d+)\s*)?$/.exec(part) ?? []
    if (first === undefined) return { refusal: `"${part.trim()}" is no seed: write seeds ${example}.` }
    const [from, to] = [Number(first), Number(last)]
    if (from > lastSeed || to > lastSeed) return { refusal: `A seed is a whole number from 0 to ${lastSeed}.` }
    if (from > to) return { refusal: `${from}..${to} runs backwards: write ${to}..${from}.` }
    const named = seeds.length + to - from + 1
    if (named > maxSeeds) return { refusal: `${count(named)} seeds are too many: at most ${maxSeeds} at a time.` }
    for (let seed = from; seed <= to; seed++) {
      if (seeds.includes(seed)) return { refusal: `Seed ${seed} is named twice: the same seed gives the same run.` }
      seeds.push(seed)
    }
  }
  return { seeds }
}

/** What the name of a repeat ends with. */
export const seedInName = /, seed \d+$/

/** As they are written: `1..5` where they follow each other, else `1,4,9`. */
export function writeSeeds(seeds: readonly number[]): string {
  const follow = seeds.length > 2 && seeds.every((seed, i) => seed === seeds[0] + i)
  return follow ? `${seeds[0]}..${seeds[seeds.length - 1]}` : seeds.join()
}

/** What tells repeats: see `family` in the contract. */
export interface Repeatable {
  id: string
  seed: number | null
  family: string | null
}

/** Which of its repeats a run is, counted from 1 in order of seed. */
export interface Place {
  place: number
  of: number
}

/** "2 of 5" */
export const placeInWords = ({ place, of }: Place): string => `${place} of ${of}`

/** Runs that are equal but for the seed, each seed once, in order of seed; of several with the same seed the one that `prefer` puts first. */
export function repeatsOf<R extends Repeatable>(run: Repeatable, runs: readonly R[], prefer: (a: R, b: R) => number = () => 0): R[] {
  if (run.family === null) return []
  const bySeed = new Map<number, R>()
  for (const one of runs) {
    if (one.family !== run.family || one.seed === null) continue
    const other = bySeed.get(one.seed)
    if (other === undefined || one.id === run.id || (other.id !== run.id && prefer(one, other) < 0)) bySeed.set(one.seed, one)
  }
  return [...bySeed].sort(([a], [b]) => a - b).map(([, one]) => one)
}

/** The place of each run that has repeats, by id. */
export function placesOf(runs: readonly Repeatable[]): Map<string, Place> {
  const families = new Map<string, Set<number>>()
  for (const { family, seed } of runs) {
    if (family === null || seed === null) continue
    const seeds = families.get(family)
    if (seeds === undefined) families.set(family, new Set([seed]))
    else seeds.add(seed)
  }
  const places = new Map<string, Place>()
  for (const { id, family, seed } of runs) {
    const seeds = family === null ? undefined : families.get(family)
    if (seed === null || seeds === undefined || seeds.size < 2) continue
    let before = 0
    for (const other of seeds) if (other < seed) before++
    places.set(id, { place: before + 1, of: seeds.size })
  }
  return places
}
