/** The whole network's matrix, then each layer's beside that of one of its filters. */
import { imagesInWords, basisOf } from '../basis.ts'
import { colourValues } from '../network-values.ts'
import { figures } from '../../main/report/content/document.ts'
import type { ReportBlocks } from '../../main/report/content/results.ts'
import { matrixFigure, titleOf } from './report-matrix.ts'
import { nameOf, scoresOf, type ScatterResult } from './definition.ts'

/** Of more layers the first ones are shown: a page each. */
const mostLayers = 6

export const blocks: ReportBlocks<ScatterResult> = (record) => {
  const { result, arrays } = record
  const values = colourValues(arrays)
  const colour = 'accuracy' in values ? { name: 'accuracy', values: values['accuracy'], on: imagesInWords(basisOf(record)) } : null
  const matrices = result.parts.map((part) => ({ name: nameOf(part), explained: part.explained, scores: scoresOf(part, arrays) }))
  const layers = (matrices.length - 1) / 2
  return figures(
    matrixFigure({ id: 'scatter', title: titleOf(matrices[0]), matrices: [matrices[0]], colour }),
    ...Array.from({ length: Math.min(layers, mostLayers) }, (_, i) => {
      const [layer, filter] = [matrices[1 + i], matrices[1 + layers + i]]
      const id = `scatter-layer-${String.fromCharCode(97 + i)}`
      return matrixFigure({ id, title: `${titleOf(layer)}, and of ${filter.name}`, matrices: [layer, filter], colour })
    }),
  )
}
