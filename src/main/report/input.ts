/**
 * All that a report says, as one value. The lab fills it from the store; everything in this folder
 * is a pure function of it: the same input gives the same files (in a PDF, fonts may change places). A part that is absent (no map
 * yet, no student) is left out of the report, and the text says that it was not made.
 */
import type { NamedArrays, ResultRecord } from '../../analyses/analysis.ts'
import type { Repeats } from '../../shared/contract/runs.ts'
import type { DatasetFacts } from '../../shared/dataset.ts'
import type { Experiment } from '../../shared/experiment.ts'

/** `figures`: an archive of figures and tables alone, for a paper. */
export type ReportFormat = 'html' | 'pdf' | 'md' | 'figures'

export interface ReportInput {
  run: {
    id: string
    name: string
    /** Milliseconds since the epoch. */
    created: number
    /** Seconds of training, pauses left out. */
    seconds: number
    /** 'finished', 'paused', 'failed' and so on, as the store has it. */
    state: string
    /** The step of the checkpoint that everything below was made from. */
    step: number
    /** When its training was broken off, and why, oldest first; `step` null: not known. */
    interruptions: { at: number; step: number | null; text: string }[]
  }
  document: Experiment
  /** The preset it started from, so that only what differs is shown; null: unknown preset. */
  preset: Experiment | null
  data: {
    name: string
    /** SHA-256 of the content, hex. */
    hash: string
    /** Height, width, channels in pixels. */
    shape: readonly [number, number, number]
    /** How it was read: format, files, what was done to order and pixels. */
    source: DatasetFacts['source']
    /** Names of the classes, in order of label. */
    classes: string[]
    /** A few images of each class, drawn from those it trained on; `lost`: why they could not be read. */
    samples?: SampleImages | { lost: string }
  }
  /** Metric series by name; the ones drawn are in {@link metricNames}, others are kept in the CSV only. */
  metrics: MetricSeries[]
  /** What analyses found of the checkpoint's networks: of each kind, or variant of it, at most one. */
  results: ReportResult[]
  /** Every result of the checkpoint, without arrays; left out: those above. */
  all?: readonly ResultRecord[]
  /** How often the run's test images were looked at; left out: by those. */
  looks?: string
  /** Results whose files are damaged, and what was found: left out. */
  damaged?: { kind: string; message: string }[]
  /** Repeats of the run over seeds, this one included, on what is shown of it, and their curves of accuracy; absent: it has none. */
  overSeeds?: Repeats & { curves: { steps: number[]; values: number[] }[] }
  /** First-layer filters of a few sampled networks, raw weights. */
  filters?: FilterSet
  /** Wall-clock seconds of each stage, in the order they ran. */
  timings: { stage: string; seconds: number; note?: string }[]
  environment: {
    /** Host name or model; whatever the person may make public. */
    machine: string
    cpu: string
    cores: number
    memoryBytes: number
    os: string
    /** What TensorFlow ran on, and how networks were run there; absent in runs of older versions. */
    device?: string
    networks?: string
    /** Versions by the name of what they are of: node, tensorflow, weightscape ... */
    versions: Record<string, string>
    /** Commit of the application's code, if known. */
    commit?: string
    /** Engine processes that the networks of a step were spread over. */
    farmProcesses: number
  }
  reproduce: {
    /** Commands to type, one a line, in order. */
    commands: string[]
    /** SHA-256 of the checkpoint that was used, hex. */
    checkpoint: string
    /** Seeds by purpose: training, sampling, map, ensemble ... */
    seeds: Record<string, number>
  }
  /** When the report was made, milliseconds since the epoch. */
  made: number
}

/** What an analysis found, with the arrays that it keeps beside. */
export interface ReportResult<R extends object = object> extends ResultRecord<Record<string, unknown>, R> {
  arrays: NamedArrays
}

/** The names under which the charts look for their series. */
export const metricNames = {
  /** Mean accuracy over sampled networks on validation images; low and high: its minimum and maximum. */
  accuracy: 'accuracy',
  /** Mean cross-entropy of the noise batch, nats. */
  crossEntropy: 'crossEntropy',
  /** Entropy estimate H of the noise batch, up to a constant, nats. */
  entropy: 'entropy',
  /** Mean L1 distance to the nearest neighbour in the noise batch. */
  nearest: 'nearest',
  /** lambda * cross-entropy - H. */
  loss: 'loss',
  /** Wall-clock seconds of a step. */
  stepSeconds: 'stepSeconds',
} as const

export interface MetricSeries {
  name: string
  /** In order of step. */
  points: { step: number; value: number; low?: number; high?: number }[]
}

export interface SampleImages {
  /** What they were drawn by. */
  seed: number
  /** Place of each among the run's images, [images]. */
  indices: Uint32Array
  /** [images] */
  labels: Uint8Array
  /** uint8 [images, height, width, channels] */
  pixels: Uint8Array
}

export interface FilterSet {
  /** Side of the square kernel, pixels. */
  kernel: number
  channels: number
  /** Filters shown of each network. */
  filters: number
  /** Index of each network (its receipt's), and its accuracy if known. */
  networks: { index: number; accuracy?: number }[]
  /** What the accuracies are of. */
  on?: { images: number; split: string }
  /** [networks, filters, kernel, kernel, channels] */
  weights: Float32Array
}

/** One file of a report. Names are plain file names, without folders. */
export interface ReportFile {
  name: string
  bytes: Uint8Array
}
