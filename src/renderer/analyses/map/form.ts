import type { FormWords } from '../forms.ts'

export const words: FormWords = {
  title: 'Map sampled networks',
  text: 'Each network’s weights are a point in a space of many dimensions; a map shows in two which lie near each other.',
  action: 'Compute the map',
}
