/** Data sets that networks can be asked about beside their own. */
import { otherDataFault } from '../../analyses/other-data.ts'
import type { Dataset } from '../../shared/contract/datasets.ts'
import { builtInBeside } from '../state/built-in-data.ts'
import { plural } from '../../shared/wording.ts'

/** @param own hash of the data set of a run @param all of the lab */
export function otherDatasets(own: string, all: readonly Dataset[]): { value: string; label: string; note: string }[] {
  const mine = all.find(({ hash }) => hash === own)
  if (mine === undefined) return []
  const hasShapeOfDigits = mine.height === 28 && mine.width === 28 && mine.channels === 1
  const there = all
    .filter((one) => otherDataFault(mine, one, '') === null)
    .map(({ hash, name, count: images }) => ({ value: hash, label: name, note: plural(images, 'image') }))
  return [...there, ...(hasShapeOfDigits ? builtInBeside(all) : [])]
}
