/** A document made to fit the data set it is run on. */
import { layerKinds, type Layer } from '../../../layers/registry.ts'
import type { DataReference } from '../../../shared/engine-protocol.ts'
import { LabError } from '../../../shared/errors.ts'
import type { Experiment } from '../../../shared/experiment.ts'
import { presets } from '../../../shared/presets.ts'
import { fitLayers } from './fit-layers.ts'
import { imagesIn } from '../../../shared/split.ts'

/** What the document must agree with. */
export interface DataShape extends Omit<DataReference, 'imagesPath' | 'labelsPath'> {
  name: string
}

/**
 * Fits input size, layers, number of classes, split and evaluation to the data. What the person set by
 * hand is never changed, and neither are layers that are no preset's: they fit or it is an error.
 * @param chosen keys that were set by hand
 * @throws LabError `invalid-argument` naming the two sides that disagree
 */
export function fitToData(document: Experiment, data: DataShape, chosen: ReadonlySet<string> = new Set()): Experiment {
  const wasChosen = (key: string) => [...chosen].some((one) => one === key || one.startsWith(`${key}.`) || key.startsWith(`${one}.`))
  const fitted = structuredClone(document)
  fitted.data.id = data.hash

  for (const side of ['height', 'width', 'channels'] as const) {
    const key = `target.input.${side}`
    const set = fitted.target.input[side]
    if (set !== data[side] && wasChosen(key)) throw disagree(key, set, `the images of "${data.name}" have ${side} ${data[side]}`)
    fitted.target.input[side] = data[side]
  }

  const preset = Object.hasOwn(presets, document.preset) ? presets[document.preset] : undefined
  const layersOfPreset = JSON.stringify(preset?.target.layers) === JSON.stringify(document.target.layers)
  const { input } = document.target
  if (layersOfPreset && !wasChosen('target.layers'))
    fitted.target.layers = fitLayers(fitted.target.layers, data, input.height === data.height && input.width === data.width)

  const lastIndex = fitted.target.layers.length - 1
  const last = fitted.target.layers[lastIndex]
  const classes = layerKinds[last.kind].width
  if (classes !== undefined && classes.of(last) !== data.classes) {
    const key = `target.layers.${lastIndex}.units`
    if (wasChosen(key)) throw disagree(key, classes.of(last), `"${data.name}" has ${data.classes} classes`)
    fitted.target.layers[lastIndex] = classes.to(last, data.classes) as Layer
  }

  if (!wasChosen('data.split')) fitted.data.split = { ...data.split }
  if (!wasChosen('data.deal')) delete fitted.data.deal
  const { train, validation, test } = fitted.data.split
  if (imagesIn(fitted.data.split) > data.count) {
    throw disagree('data.split', `${train} + ${validation} + ${test} images`, `"${data.name}" has ${data.count} images`)
  }
  const dealt = fitted.data.deal?.first ?? data.count
  if (dealt > data.count) throw disagree('data.deal.first', dealt, `"${data.name}" has ${data.count} images`)
  if (train + validation > dealt) throw disagree('data.split', `${train} + ${validation} + ${test} images`, `${dealt} are dealt anew`)
  if (fitted.evaluation.images > validation) {
    if (wasChosen('evaluation.images'))
      throw disagree('evaluation.images', fitted.evaluation.images, `the validation split has ${validation} images`)
    fitted.evaluation.images = validation
  }
  return fitted
}

function disagree(key: string, set: string | number, fact: string): LabError {
  return new LabError(
    'invalid-argument',
    `${key} is ${set}, but ${fact}.`,
    `Leave ${key} out, so that it follows the data, or choose other data.`,
    { settings: { [key]: null, 'data.id': null } },
  )
}
