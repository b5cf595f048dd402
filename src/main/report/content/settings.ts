/** The experiment's settings in words and the paper's symbols, and how a document differs from its preset. */
import type { z } from 'zod'
import { layerKinds } from '../../../layers/registry.ts'
import type { Experiment } from '../../../shared/experiment.ts'

export interface Setting {
  meaning: string
  symbol?: string
}

/** What each setting means; one that is not here is shown by its key alone. */
export const settings: Readonly<Record<string, Setting>> = {
  seed: { meaning: 'seed of every random number' },
  'method.lambda': { meaning: 'weight of cross-entropy against entropy', symbol: 'λ' },
  'method.latent': { meaning: 'dimension of the latent z', symbol: 'd' },
  'method.extractor': { meaning: 'hidden widths of the extractor' },
  'method.code': { meaning: 'numbers in a filter’s code' },
  'method.generators': { meaning: 'hidden widths of the weight generators' },
  'method.leak': { meaning: 'slope of the leaky ReLU below zero' },
  'method.batchNorm.epsilon': { meaning: 'batch norm’s constant in the root', symbol: 'ε' },
  'method.batchNorm.decay': { meaning: 'decay of batch norm’s averages' },
  'method.batchNorm.debias': { meaning: 'averages right from the first step' },
  'method.initialScale': { meaning: 'variance of initial weights times fan-in' },
  'training.steps': { meaning: 'training steps' },
  'training.learningRate': { meaning: 'learning rate of Adam', symbol: 'η' },
  'training.learningRateDecay': { meaning: 'its factor each step' },
  'training.warmup': { meaning: 'steps of linear warm-up' },
  'training.cooldown': { meaning: 'steps of linear cool-down' },
  'training.beta1': { meaning: 'Adam’s first decay', symbol: 'β₁' },
  'training.beta2': { meaning: 'Adam’s second decay', symbol: 'β₂' },
  'training.epsilon': { meaning: 'Adam’s constant', symbol: 'ε' },
  'method.noiseBatch': { meaning: 'networks sampled a step', symbol: 'N' },
  'training.imageBatch': { meaning: 'images a network a step' },
  'training.checkpointEvery': { meaning: 'steps between checkpoints' },
  'training.checkpointSeconds': { meaning: 'most seconds between checkpoints' },
  'evaluation.every': { meaning: 'steps between evaluations' },
  'evaluation.networks': { meaning: 'networks an evaluation' },
  'evaluation.images': { meaning: 'images an evaluation' },
  'data.split.train': { meaning: 'training images' },
  'data.split.validation': { meaning: 'validation images' },
  'data.split.test': { meaning: 'test images' },
  'target.layers': { meaning: 'layers of the target network' },
}

/** What the setting at a path means; undefined: its key alone is shown. */
export function meaningOf(path: string): Setting | undefined {
  if (Object.hasOwn(settings, path)) return settings[path]
  const [, layer, key] = /^target\.layers\.(\d+)\.(\w+)$/.exec(path) ?? []
  if (layer === undefined) return undefined
  const title = key === 'kind' ? 'Kind' : titleOf(key)
  return title === undefined ? undefined : { meaning: `${title.toLowerCase()} of the target’s layer ${Number(layer) + 1}` }
}

/** What a kind of layer calls one of its settings. */
function titleOf(key: string): string | undefined {
  const shapes = Object.values(layerKinds).map(({ schema }): Readonly<Record<string, z.ZodType>> => schema.shape)
  return shapes.find((shape) => Object.hasOwn(shape, key))?.[key].meta()?.title
}

export interface Difference {
  path: string
  preset: string
  value: string
}

/** Names and addresses decide no number: the data set has a table of its own. */
const named = new Set(['version', 'preset', 'data.id'])

const isGroup = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)
const isList = (value: unknown): value is Record<string, unknown>[] => Array.isArray(value) && value.length > 0 && value.every(isGroup)
const show = (value: unknown): string => (value === undefined ? '(none)' : JSON.stringify(value))

/** Settings whose values differ, by path, in the document's order. Lists of numbers are compared whole, lists of as many parts part by part. */
export function differences(document: Experiment, preset: Experiment): Difference[] {
  const found: Difference[] = []
  const visit = (value: unknown, other: unknown, path: string): void => {
    if (named.has(path)) return
    if (isList(value) && isList(other) && value.length === other.length) value.forEach((item, i) => visit(item, other[i], `${path}.${i}`))
    else if (isGroup(value) && isGroup(other)) {
      for (const key of new Set([...Object.keys(value), ...Object.keys(other)]))
        visit(value[key], other[key], path === '' ? key : `${path}.${key}`)
    } else if (show(value) !== show(other)) {
      found.push({ path, preset: show(other), value: show(value) })
    }
  }
  visit(document, preset, '')
  return found
}

/** The target network in one line, from input to output. */
export const describeTarget = ({ target }: Experiment): string =>
  target.layers.map((layer) => layerKinds[layer.kind].words(layer)).join(' → ')

/** JSON with a space after each comma and colon. */
function onOneLine(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(onOneLine).join(', ')}]`
  if (!isGroup(value)) return JSON.stringify(value)
  const members = Object.entries(value).map(([key, item]) => `${JSON.stringify(key)}: ${onOneLine(item)}`)
  return members.length === 0 ? '{}' : `{ ${members.join(', ')} }`
}

/**
 * The document as JSON that is short to read: what fits on a line stays on one, and plain members
 * share lines.
 * @param before characters that stand on the first line already
 */
export function prettyJson(value: unknown, indent = '', before = 0): string {
  const room = 96
  const flat = onOneLine(value)
  if (indent.length + before + flat.length <= room || typeof value !== 'object' || value === null) return flat
  const inner = `${indent}  `
  const list = Array.isArray(value)
  const members = list
    ? value.map((item) => prettyJson(item, inner))
    : Object.entries(value).map(([key, item]) => `${JSON.stringify(key)}: ${prettyJson(item, inner, key.length + 4)}`)
  const lines: string[] = []
  let plain = false
  for (const member of members) {
    const joins = plain && !/[{\n]/.test(member) && inner.length + lines[lines.length - 1].length + member.length + 3 <= room
    if (joins) lines[lines.length - 1] += `, ${member}`
    else lines.push(member)
    plain = !/[{\n]/.test(member)
  }
  return `${list ? '[' : '{'}\n${lines.map((line) => inner + line).join(',\n')}\n${indent}${list ? ']' : '}'}`
}
