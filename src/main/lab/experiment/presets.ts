/** Presets, with words for the person who chooses. */
import type { Experiment } from '../../../shared/experiment.ts'
import { presets } from '../../../shared/presets.ts'

export interface PresetCard {
  name: string
  title: string
  description: string
  document: Experiment
}

const words: Readonly<Record<string, { title: string; description: string }>> = {
  'mnist-quick': {
    title: 'Quick',
    description:
      'The same method and target network, tuned for a good manifold in minutes: half the images a network, a higher learning rate that ends at zero.',
  },
  'mnist-paper': {
    title: 'As in the paper',
    description:
      "The constants of the authors' MNIST experiment: 13,000 steps, 32 networks a step with 32 images each. Takes hours on a processor.",
  },
}

/** The quickest first. */
export function listPresets(): PresetCard[] {
  return Object.entries(presets)
    .map(([name, document]) => ({ name, ...(words[name] ?? { title: name, description: '' }), document }))
    .sort((a, b) => a.document.training.steps - b.document.training.steps)
}
