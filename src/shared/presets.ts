/** Presets are experiments: the starting points a person chooses from. What is a method's own stands in its definition. */
import type { MethodPreset } from '../methods/method.ts'
import { methods } from '../methods/registry.ts'
import type { HypernetworkSpec } from '../methods/hypernetwork/schema.ts'
import type { Experiment } from './experiment.ts'
import { startingTargets } from './starting-targets.ts'
import { documentVersion } from './upgrade-document.ts'

/** The authors' MNIST classifier: 20,018 weights and biases. */
const onMnist = {
  data: { id: 'mnist', split: { train: 55000, validation: 5000, test: 10000 } },
  target: startingTargets[0].targetOf({ height: 28, width: 28, channels: 1 }, 10),
}

/** As `data add cifar10` deals them. */
const cifarSplit = { train: 45833, validation: 4167, test: 10000 }

function on({ data, target: key }: { data: string; target: string }): Pick<Experiment, 'data' | 'target'> {
  const starting = startingTargets.find((one) => one.key === key)!
  const { input, layers } = starting.targetOf({ height: 32, width: 32, channels: 3 }, 10)
  return { data: { id: data, split: cifarSplit }, target: { input, layers: [{ kind: 'pixel-scaling' }, ...layers] } }
}

export interface Preset {
  name: string
  title: string
  description: string
  document: Experiment
}

/** The quickest first, with words for the person who chooses. */
export const presetCards: readonly Preset[] = methods
  .flatMap((method) =>
    method.presets.map(({ name, title, description, on: place, ...settings }: MethodPreset<Experiment['method']>): Preset => ({
      name,
      title,
      description,
      document: {
        version: documentVersion,
        preset: name,
        ...(place === undefined ? onMnist : on(place)),
        ...settings,
      },
    })),
  )
  .toSorted((a, b) => a.document.training.steps - b.document.training.steps)

type OfHypernetwork = Experiment & { method: HypernetworkSpec }

/** Every preset by its name. */
export const presets = Object.fromEntries(presetCards.map(({ name, document }) => [name, document])) as Readonly<
  Record<string, Experiment> & { 'mnist-paper': OfHypernetwork; 'mnist-quick': OfHypernetwork }
>
