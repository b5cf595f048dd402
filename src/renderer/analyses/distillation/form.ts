import type { FormWords } from '../forms.ts'

export const words: FormWords = {
  title: 'Distil an ensemble',
  text: 'One network, the student, learns on the training images what the ensemble says of them.',
  action: 'Distil',
  folded: 'Training of the student',
}
