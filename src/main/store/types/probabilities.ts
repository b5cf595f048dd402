/** Caches of what sampled networks say of images. */
import type { Split } from '../../../shared/split.ts'

/** What decides a probability cache's bits. */
export interface ProbabilityKey {
  run: string
  /** Hash of the checkpoint. */
  checkpoint: string
  seed: number
  /** The first so many networks of the seed. */
  count: number
  dataset: string
  split: Split
  /** The first images of the split. */
  images: number
}

export interface ProbabilityCache extends ProbabilityKey {
  id: number
  classes: number
  /** Absolute. Raw float32 little-endian [count, images, classes]: the first networks can be used alone. */
  path: string
  bytes: number
  createdAt: number
}

export interface ProbabilityWriter {
  /** Probabilities of network `first` and on, float32 [n, images, classes]; in any order, each network once. */
  write(first: number, probabilities: Float32Array): Promise<void>
  /** @throws LabError `internal` when networks are missing */
  commit(): Promise<ProbabilityCache>
  /** Lets go of what was written. */
  discard(): Promise<void>
}

export interface ProbabilityStore {
  begin(key: ProbabilityKey, classes: number): Promise<ProbabilityWriter>
  /**
   * The smallest cache that holds at least `count` networks of that checkpoint, seed, data, split and
   * images; not one whose file is missing or cut off. Its content is verified by `read` and `verify`.
   */
  find(key: ProbabilityKey): ProbabilityCache | null
  list(run: string): ProbabilityCache[]
  /**
   * Networks `first` and on, verified. float32 [count, images, classes]
   * @throws LabError `corrupt` naming the networks; `find` then no longer gives this cache, so that it is made anew
   */
  read(cache: ProbabilityCache, first: number, count: number): Promise<Float32Array>
  /** Reads all of it by parts: before another process is given its path. @throws LabError `corrupt`, as `read` */
  verify(cache: ProbabilityCache): Promise<void>
  /** Removes a cache: it can be made again. */
  remove(id: number): Promise<void>
  /** Bytes of all caches. */
  totalBytes(): number
}
