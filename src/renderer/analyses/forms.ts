/** What forms of analyses say and suggest where it is more than their definitions do. */
import { ensembleSizes } from '../views/run-page/choice.ts'

export interface FormWords {
  title?: string
  text?: string
  /** The verb. */
  action?: string
  /** How many networks, unless the person says otherwise. */
  networks?: number
  /** Options instead of the schema's own, by the number of networks. */
  suggest?: (count: number) => Readonly<Record<string, unknown>>
  /** Options lie folded behind these words. */
  folded?: string
}

/** By kind. */
export const formWords: Readonly<Record<string, FormWords>> = {
  evaluation: {
    title: 'Evaluate sampled networks',
    text: 'Each network is sampled from a checkpoint and tried on every image of the split.',
    action: 'Evaluate',
    networks: 1000,
  },
  ensemble: {
    title: 'Let networks vote',
    text: 'Random ensembles of each size vote in three ways: by majority, by mean probability, and by trusting the most confident.',
    action: 'Let them vote',
    suggest: (networks) => ({ sizes: ensembleSizes(networks) }),
  },
  distillation: {
    title: 'Distil an ensemble',
    text: 'One network, the student, learns on the training images what the ensemble says of them.',
    action: 'Distil',
    folded: 'How the student learns',
  },
  map: {
    title: 'Map sampled networks',
    text: 'Each network’s weights are a point in a space of many dimensions; a map shows in two which lie near each other.',
    action: 'Compute the map',
  },
}
