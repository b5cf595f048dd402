/** What is one line, one row and one colour of a comparison: a run, or repeats over seeds taken together. */
import type { Comparison, Repeats } from '../../../shared/contract/runs.ts'
import { seedInName } from '../../../shared/seeds.ts'
import { differenceOverSeeds } from '../../../shared/statistics/over-seeds.ts'
import { surelyBest } from '../../../shared/statistics/ranks.ts'
import { plural } from '../../../shared/wording.ts'

export interface Unit {
  ids: readonly string[]
  name: string
  /** Null: a run by itself. */
  repeats: Repeats | null
}

/** @param ids in the order asked @param repeats those to be taken together */
export function unitsOf(ids: readonly string[], repeats: Comparison['repeats'], nameOf: (id: string) => string): Unit[] {
  const units: Unit[] = []
  for (const id of ids) {
    const family = repeats.find(({ runs }) => runs.some(({ run }) => run === id)) ?? null
    if (family === null) units.push({ ids: [id], name: nameOf(id), repeats: null })
    else if (!units.some((unit) => unit.repeats === family)) {
      const members = family.runs.map(({ run }) => run)
      units.push({ ids: members, name: together(members.map(nameOf)), repeats: family })
    }
  }
  const names = units.map(({ name }) => name)
  // Runs may be called the same: their ids tell them apart.
  return units.map((unit) =>
    names.filter((name) => name === unit.name).length > 1 ? { ...unit, name: `${unit.name} (${unit.ids[0]})` } : unit,
  )
}

/** "shapes, 3 seeds" of "shapes, seed 1" and so on; else "calm-otter and 2 repeats" */
function together(names: readonly string[]): string {
  const bare = new Set(names.map((name) => name.replace(seedInName, '')))
  const [name] = bare
  return bare.size === 1 ? `${name}, ${plural(names.length, 'seed')}` : `${names[0]} and ${plural(names.length - 1, 'repeat')}`
}

/** Place of the unit, and so the colour, of a run. */
export const unitOf = (units: readonly Unit[], id: string): number => units.findIndex(({ ids }) => ids.includes(id))

/** Which of several documents, each of several seeds, is better in a column; null: no two of them stand on the same there. */
export function betterOverSeeds(
  units: readonly Unit[],
  { label, best }: Pick<Comparison['columns'][number], 'label' | 'best'>,
): string | null {
  const found = units.flatMap(({ name, repeats }) => {
    const value = repeats?.values.find((one) => one.label === label)
    return value === undefined ? [] : [{ name, basis: value.basis, values: value.found.map((one) => one.value) }]
  })
  if (found.length < 2 || new Set(found.map(({ basis }) => basis)).size > 1) return null
  const place = surelyBest(found.length, differenceOverSeeds(found.map(({ values }) => values)), best)
  return place === null ? 'not told apart by these seeds' : found[place].name
}
