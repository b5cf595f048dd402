/** Methods that make one objective small by Adam, over one vector of parameters. */
import type { MethodDefinition } from '../../methods/method.ts'
import type { MethodSpec } from '../../methods/registry.ts'
import type { Farm } from '../farm/farm.ts'
import { adamMoments, adamStep, arrayEngine, refuseDiverged } from './array-engine.ts'
import type { DocumentOf, MethodEngine } from '../methods/method-engine.ts'
import type { NetworkSource } from '../methods/network-source.ts'

export interface AdamModel {
  /** Numbers that are learned. */
  size: number
  /** Fills them as training begins, zeros before. */
  begin(parameters: Float32Array): void
  /** What a step measures, by the names of the method's metrics, and the objective's gradient by the parameters. @param step steps done before */
  objective(farm: Farm, step: number, parameters: Float32Array): Promise<{ measured: Measured; gradient: Float32Array }>
  /** The networks of such parameters, which it may hold. */
  source(parameters: Float32Array): NetworkSource
}

type Measured = Record<string, number> & { crossEntropy: number }

/** @param modelOf what a document's method does with its parameters */
export function adamEngine<Spec extends MethodSpec>(
  definition: Pick<MethodDefinition, 'whenDiverged'>,
  modelOf: (document: DocumentOf<Spec>) => AdamModel,
): MethodEngine<Spec> {
  return arrayEngine((document: DocumentOf<Spec>) => {
    const model = modelOf(document)
    return {
      sizes: { parameters: model.size, ...adamMoments(model.size) },
      begin: ({ parameters }) => model.begin(parameters),
      async advance(step, arrays, farm) {
        const { measured, gradient } = await model.objective(farm, step, arrays.parameters)
        refuseDiverged(definition, step, measured.crossEntropy, gradient)
        adamStep(document, step, arrays.parameters, gradient, arrays)
        return measured
      },
      source: (_step, { parameters }) => model.source(parameters),
    }
  })
}
