import { ensembleSizes } from '../../views/run-page/choice.ts'
import type { FormWords } from '../forms.ts'

export const words: FormWords = {
  title: 'Let networks vote',
  text: 'Random ensembles of each size vote in three ways: by majority, by mean probability, and by trusting the most confident.',
  action: 'Let them vote',
  suggest: (networks) => ({ sizes: ensembleSizes(networks) }),
}
