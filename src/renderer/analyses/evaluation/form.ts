import type { FormWords } from '../forms.ts'

export const words: FormWords = {
  title: 'Evaluate sampled networks',
  text: 'Each network is sampled from a checkpoint and tried on every image of the split.',
  action: 'Evaluate',
  networks: 1000,
}
