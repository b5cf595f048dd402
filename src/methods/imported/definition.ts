/** Networks that somebody trained elsewhere: nothing is trained here, and network i is the i-th of the files. */
import { plural } from '../../shared/wording.ts'
import { defineMethod } from '../method.ts'
import { importedSchema, kernelLayouts } from './schema.ts'

export const imported = defineMethod({
  kind: 'imported',
  title: 'Imported networks',
  description: 'Networks of the same target that were trained elsewhere, in PyTorch or Keras for instance, and imported from files.',
  schema: importedSchema,
  optimiser: 'none',
  metrics: [],
  presets: [],
  fixedInFork: ['networks', 'sha256', 'layout'],
  form: { main: [], more: [], fork: [] },
  networks: ({ networks }) => networks,
  facts: ({ networks }) => [{ label: 'networks', symbol: 'K', value: networks }],
  arithmetic: ({ networks }, { weightCount }) => ({ networks, trained: 0, operations: 0, inOneGo: 0, state: networks * weightCount }),
  origin: ({ networks, source }, count) => `those of one of ${count(networks)} networks that were imported from ${source}`,
  explanation: ({ networks, source, sha256, layout, accept }) => [
    `${plural(networks, 'network')} of the target, trained elsewhere and imported from ${source} (SHA-256 ${sha256}).`,
    `In the files, ${kernelLayouts[layout].words}. How they were trained, this lab does not know.`,
    ...(accept === undefined
      ? []
      : ['Some were hardly better than guessing when they were imported, and somebody said that this is as it should be.']),
  ],
  whenDiverged: 'other files',
})
