import type { FormWords } from '../forms.ts'

export const words: FormWords = {
  title: 'Compare students of an ensemble',
  text: 'Every combination below is a student; all learn from one ensemble and are measured side by side.',
  action: 'Distil all',
}
