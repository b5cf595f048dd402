/** What is made from checkpoints. */
import type { Target } from '../../../shared/experiment.ts'
import type { DistilResult, EnsembleResult, EvaluationResult, MapResult, NetworkReceipt, Split } from '../../../shared/results.ts'

/** Which sampled networks a result is about: the first `count` of a checkpoint and seed. */
export interface Sampled {
  run: string
  /** Hash of the checkpoint. */
  checkpoint: string
  seed: number
  count: number
}

export interface EvaluationRecord {
  id: number
  run: string
  /** Step of the weights that were evaluated. */
  step: number
  /** Null for evaluations during training, between checkpoints. */
  checkpoint: string | null
  seed: number | null
  dataset: string
  split: Split
  result: EvaluationResult
  createdAt: number
}

export interface EvaluationStore {
  /** One made while training takes the place of an earlier one of that step: a resumed run repeats steps. */
  add(evaluation: Omit<EvaluationRecord, 'id' | 'createdAt'>): EvaluationRecord
  /** In order of step, then time. `during`: only those (true) or none of those (false) made while training. */
  list(run: string, filter?: { during?: boolean; split?: Split }): EvaluationRecord[]
  /** Forgets those made while training after a step (before a run goes on from an earlier checkpoint). */
  truncate(run: string, afterStep: number): void
}

export interface EnsembleRecord extends Sampled {
  id: number
  dataset: string
  split: Split
  images: number
  sizes: number[]
  /** Indices of the networks it draws from; null: the first `count`. */
  networks: number[] | null
  result: EnsembleResult
  createdAt: number
}

export interface EnsembleStore {
  add(ensemble: Omit<EnsembleRecord, 'id' | 'createdAt'>): EnsembleRecord
  /** Oldest first. */
  list(run: string): EnsembleRecord[]
}

export interface StudentRecord extends Sampled {
  id: number
  dataset: string
  target: Target
  /** Indices of its teachers; null: the first `count`. */
  networks: number[] | null
  result: DistilResult
  /** SHA-256 of the file of weights. */
  hash: string
  /** Absolute. A safetensors file with one array, `weights`. */
  path: string
  createdAt: number
}

export interface StudentStore {
  add(student: Omit<StudentRecord, 'id' | 'createdAt' | 'hash' | 'path'>, weights: Float32Array): Promise<StudentRecord>
  list(run: string): StudentRecord[]
  /** @throws LabError `not-found` */
  get(id: number): StudentRecord
  /** Canonical flat layout. @throws LabError `corrupt` */
  weights(student: StudentRecord): Promise<Float32Array>
}

export interface MapRecord extends Sampled {
  id: number
  result: MapResult
  /** How it was made (perplexity, iterations, ...). */
  options: Record<string, number | string>
  hash: string
  /** Absolute. A safetensors file: `coordinates` [n, 2] and one array a colouring. */
  path: string
  createdAt: number
}

export interface MapStore {
  /** @param values one number a network by name, to colour by (accuracy, loss, ...) */
  add(
    map: Omit<MapRecord, 'id' | 'createdAt' | 'hash' | 'path'>,
    coordinates: Float32Array,
    values?: Record<string, Float32Array>,
  ): Promise<MapRecord>
  list(run: string): MapRecord[]
  read(map: MapRecord): Promise<{ coordinates: Float32Array; values: Record<string, Float32Array> }>
}

/** A network that someone bookmarked: a receipt with a name, from which it is sampled again. */
export interface NetworkBookmark extends NetworkReceipt {
  id: number
  run: string
  label: string
  /** On the evaluation images, if known. */
  accuracy: number | null
  createdAt: number
}

export interface NetworkStore {
  /** A receipt already bookmarked gets the new label. */
  bookmark(network: Omit<NetworkBookmark, 'id' | 'createdAt'>): NetworkBookmark
  list(run: string): NetworkBookmark[]
  forget(id: number): void
}
