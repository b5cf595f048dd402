/** The data set that comes with the lab, before it is among the others. */
import type { Dataset } from '../../shared/contract/datasets.ts'

const builtIn = { value: 'mnist', label: 'mnist', note: 'built in, 70,000 handwritten digits' }

/** What may be chosen of it beside the data sets that are there. */
export const builtInBeside = (all: readonly Dataset[]): (typeof builtIn)[] =>
  all.some(({ name }) => name === builtIn.value) ? [] : [builtIn]
