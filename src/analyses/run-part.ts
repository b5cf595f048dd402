/** Networks of a run by their receipt: the first `count` of a seed, of a checkpoint. */
export interface RunPart {
  run: string
  name: string
  step: number
  /** Hash. */
  checkpoint: string
  seed: number
  count: number
}
