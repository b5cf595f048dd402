/** A residual block: what a chain of layers makes of its input is added to the input, or to what a shortcut makes of it. */
import type { z } from 'zod'
import { LabError } from '../../shared/errors.ts'
import { activateKerasApart, activateOnnx, applied, inWords, isOdd, kept } from '../activation.ts'
import { defineLayer, type LayerKind, type LayerSettings, type Shape } from '../layer-kind.ts'
import { residualSchema, type Residual } from './settings.ts'

/** @param inner schema of the layers that may stand within */
export const residual = (inner: z.ZodType<LayerSettings>): LayerKind<Residual> =>
  defineLayer<Residual>({
    kind: 'residual',
    title: 'Residual block',
    description: 'Adds what a chain of layers makes of its input to the input, or to what a shortcut makes of it.',
    schema: residualSchema(inner),
    places: 'needs',
    chains: ['layers', 'shortcut'],
    channels: 'chains',
    isOdd: ({ activation }) => isOdd(activation),
    outputShape(_, input, [layers, shortcut]) {
      if (layers.some((side, axis) => side !== shortcut[axis]))
        throw new LabError(
          'invalid-argument',
          `Its layers give ${inShape(layers)} and its shortcut ${inShape(shortcut)}, which cannot be added.`,
          remedy(input, layers),
        )
      return layers
    },
    parameters: () => [],
    costs: ({ activation }, [height, width, channels]) => ({
      operations: height * width * channels,
      activations: (activation === 'none' ? 1 : 1 + kept(activation)) * height * width * channels,
    }),
    // What goes around would need the same scale as what goes through: none may come in, and the last filters within keep theirs.
    gauge: () => ({ own: 'nothing', reads: 'stop' }),
    generatedWhole: () => false,
    words({ activation }, [layers, shortcut]) {
      const around = shortcut.length === 0 ? '' : `; shortcut ${shortcut.join(' → ')}`
      return `residual block (${layers.join(' → ')}${around})${inWords(activation)}`
    },
    onnx(graph, { activation }, _arrays, chains) {
      graph.add('Add', [branched(graph, chains)])
      activateOnnx(graph, activation)
    },
    keras(graph, { activation }, _output, chains) {
      const through = branched(graph, chains)
      graph.add('Add', 'add', { trainable: false }, [through, graph.current])
      activateKerasApart(graph, activation)
    },
    plain({ activation }, values, _input, _arrays, [layers, shortcut]) {
      const around = shortcut(values)
      return layers(values).map((value, i) => applied(activation, value + around[i]))
    },
  })

/** Adds both chains, each behind what the block reads; the shortcut's end is current. @returns the end of the layers */
function branched(graph: { current: string }, [layers, shortcut]: readonly (() => void)[]): string {
  const read = graph.current
  layers()
  const through = graph.current
  graph.current = read
  shortcut()
  return through
}

const inShape = (shape: Shape): string => shape.join(' × ')

/** The projection that would bring the input to the shape of the layers' output. */
function remedy(input: Shape, wanted: Shape): string {
  const stride = Math.ceil(input[0] / wanted[0])
  const fits = [0, 1].every((axis) => Math.ceil(input[axis] / stride) === wanted[axis])
  if (!fits) return 'Let both keep the same sides.'
  return `Give it a projection as shortcut: a 1 × 1 convolution with ${wanted[2]} filters${stride === 1 ? '' : ` and stride ${stride}`}.`
}
