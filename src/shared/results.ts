/** What jobs give back: the values that the command line prints, the store keeps and reports show. */
import type { DistilOptions } from './distil-options.ts'

/** Per-network accuracy over sampled networks. Accuracies are fractions of 1; losses are nats. */
export interface EvaluationResult {
  n: number
  images: number
  split: Split
  mean: number
  /** Standard deviation over networks. */
  std: number
  min: number
  max: number
  /** Mean cross-entropy, nats. */
  loss: number
  /** Entropy estimate over the sampled networks, with d = the latent dimension; null: one network alone, or a method without. */
  entropy: number | null
  /** Accuracy of each network, in order of index. */
  accuracies: number[]
  losses: number[]
  seconds: number
}

export type Split = 'train' | 'validation' | 'test'

/** One vote's accuracy, with the 5th and 95th percentile over random ensembles of the size. */
export interface VoteAccuracies {
  majority: number
  meanProbability: number
  mostConfident: number
}

export interface EnsembleSize extends VoteAccuracies {
  size: number
  /** Random ensembles averaged. */
  draws: number
  low: VoteAccuracies
  high: VoteAccuracies
}

export interface EnsembleResult {
  n: number
  images: number
  split: Split
  sizes: EnsembleSize[]
  /** Mean share of network pairs that disagree on an image. */
  disagreement: number
  /** Reliability of the mean-probability vote of all n networks, in equal-width bins of confidence. */
  calibration: { confidence: number; accuracy: number; count: number }[]
  /** Expected calibration error of that vote. */
  calibrationError: number
}

export interface DistilResult {
  /** Accuracies on the evaluation images (`images` of `split`). */
  student: number
  ensemble: number
  bestMember: number
  meanMember: number
  n: number
  images: number
  split: Split
  steps: number
  /** How it learned; absent in students of before it was kept. */
  options?: DistilOptions
  seconds: number
  /** Student accuracy on the validation images while it learned. */
  curve: { step: number; accuracy: number; loss: number }[]
}

export interface MapResult {
  n: number
  method: 'pca' | 'tsne'
  seconds: number
  /** Kullback-Leibler divergence t-SNE ended at, nats; null for PCA. */
  klDivergence: number | null
  /** Share of variance each shown component explains; null for t-SNE. */
  explained: number[] | null
}

/** A network is a receipt: with the checkpoint it names, it can be sampled again bit for bit. */
export interface NetworkReceipt {
  checkpoint: string
  seed: number
  index: number
}

/** How far the engine's numbers are from golden ones; a check's error is relative to its tensor's largest entry. */
export interface VerifyResult {
  /** Every error within the tolerance. */
  ok: boolean
  worst: { name: string; relativeError: number }
  checks: { name: string; relativeError: number }[]
}
