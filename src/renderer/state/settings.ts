/** The experiment's settings: names, the paper's symbols, what each does, and how they lie in a document. */
import type { Experiment } from '../../shared/experiment.ts'

export interface Setting {
  key: string
  label: string
  symbol?: string
  explanation: string
}

/** In the order in which they are shown. */
export const settings: readonly Setting[] = [
  {
    key: 'method.lambda',
    label: 'Accuracy against diversity',
    symbol: '\u03bb',
    explanation: 'Weight of the cross-entropy against the entropy of the weights. Larger: better networks that resemble each other more.',
  },
  { key: 'training.steps', label: 'Steps', explanation: 'Training steps in all. More: better networks, in proportionally more time.' },
  {
    key: 'method.noiseBatch',
    label: 'Networks a step',
    symbol: 'N',
    explanation: 'Networks sampled each step. More: the entropy is estimated better, and a step costs more time and memory.',
  },
  {
    key: 'training.imageBatch',
    label: 'Images a network',
    explanation: 'Images on which each sampled network is tried in a step. More: steadier gradients, and a step costs more.',
  },
  {
    key: 'training.learningRate',
    label: 'Learning rate',
    symbol: '\u03b7',
    explanation: 'Adam\u2019s step at the beginning. Too large: the run diverges. Too small: it learns slowly.',
  },
  { key: 'training.learningRateDecay', label: 'Decay of the rate', explanation: 'Factor on the learning rate each step.' },
  { key: 'training.warmup', label: 'Warm-up', explanation: 'Steps over which the learning rate rises from 0.' },
  {
    key: 'training.cooldown',
    label: 'Cool-down',
    explanation: 'Last steps, over which the learning rate falls to 0: noise settles, and accuracy rises.',
  },
  {
    key: 'seed',
    label: 'Seed',
    explanation: 'Every random number follows from it: the same document and seed give the same bits on the same machine.',
  },
  {
    key: 'method.latent',
    label: 'Latent dimension',
    symbol: 'd',
    explanation: 'Numbers in the random vector z that becomes one network.',
  },
  { key: 'method.extractor', label: 'Extractor', explanation: 'Hidden widths of the part that turns z into codes.' },
  { key: 'method.code', label: 'Code', explanation: 'Numbers in the code from which one filter\u2019s weights are made.' },
  { key: 'method.generators', label: 'Weight generators', explanation: 'Hidden widths of each layer\u2019s weight generator.' },
  { key: 'method.leak', label: 'Leak', explanation: 'Slope of the leaky ReLU below zero.' },
  {
    key: 'method.batchNorm.epsilon',
    label: 'Batch norm \u03b5',
    symbol: '\u03b5',
    explanation: 'Keeps batch norm from dividing by zero.',
  },
  { key: 'method.batchNorm.decay', label: 'Batch norm decay', explanation: 'Decay of batch norm\u2019s moving averages.' },
  { key: 'method.batchNorm.debias', label: 'Batch norm from the start', explanation: 'Averages are right from the first step on.' },
  { key: 'method.initialScale', label: 'Initial scale', explanation: 'Variance of initial weights times fan-in.' },
  { key: 'training.beta1', label: 'Adam\u2019s first decay', symbol: '\u03b2\u2081', explanation: 'Memory of Adam\u2019s mean gradient.' },
  {
    key: 'training.beta2',
    label: 'Adam\u2019s second decay',
    symbol: '\u03b2\u2082',
    explanation: 'Memory of Adam\u2019s mean squared gradient.',
  },
  { key: 'training.epsilon', label: 'Adam\u2019s \u03b5', symbol: '\u03b5', explanation: 'Keeps Adam from dividing by zero.' },
  { key: 'training.checkpointEvery', label: 'Checkpoint every', explanation: 'Steps between checkpoints: what a crash can cost.' },
  {
    key: 'training.checkpointSeconds',
    label: 'Checkpoint at least every',
    explanation: 'Seconds after which a checkpoint is taken whatever the step.',
  },
  { key: 'evaluation.every', label: 'Evaluate every', explanation: 'Steps between evaluations while training; 0: none.' },
  { key: 'evaluation.networks', label: 'Networks an evaluation', explanation: 'Networks sampled afresh for each evaluation.' },
  { key: 'evaluation.images', label: 'Images an evaluation', explanation: 'Validation images on which they are tried.' },
  { key: 'target.layers', label: 'Layers of the target', explanation: 'The classifier whose weights are generated.' },
  { key: 'target.input', label: 'Input of the target', explanation: 'Height, width and channels of an image.' },
  { key: 'data.id', label: 'Data set', explanation: 'Content hash of the data set.' },
  { key: 'data.split', label: 'Split', explanation: 'Images for training, validation and test.' },
  { key: 'preset', label: 'Preset', explanation: 'What the document started from: a name, no more.' },
]

const byKey = new Map(settings.map((setting) => [setting.key, setting]))

/** @param key of a leaf, or of something within one, such as `data.split.train` */
export function settingOf(key: string): Setting {
  const parent = key.slice(0, Math.max(key.lastIndexOf('.'), 0))
  return byKey.get(key) ?? { key, label: key, explanation: byKey.get(parent)?.explanation ?? '' }
}

/** What stands in a document under a key; undefined: nothing. */
export function valueAt(document: Experiment, key: string): unknown {
  return key.split('.').reduce<unknown>((inner, part) => (isGroup(inner) ? inner[part] : undefined), document)
}

/** A value as it is written in a document. */
export function showValue(value: unknown): string {
  if (typeof value === 'string') return value
  if (Array.isArray(value) && value.every((inner) => typeof inner === 'number')) return value.join(', ')
  if (isGroup(value) && !Array.isArray(value)) {
    return Object.entries(value)
      .map(([name, inner]) => `${name} ${showValue(inner)}`)
      .join(', ')
  }
  if (Array.isArray(value) && value.every(isGroup)) return value.map((inner) => showValue(inner)).join('; ')
  return JSON.stringify(value) ?? '\u2013'
}

const isGroup = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null
