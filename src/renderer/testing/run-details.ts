/** A finished run with what tests of views need to know about it. */
import type { AnalysisResult } from '../../shared/contract/analyses.ts'
import type { Checkpoint, RunDetails } from '../../shared/contract/runs.ts'
import { presets } from '../../shared/presets.ts'

export const checkpointAt = (step: number, hash = `c${step}`, damaged = false): Checkpoint => ({
  step,
  hash,
  reason: 'periodic',
  pinned: false,
  damaged,
  bytes: 1,
  createdAt: step,
})

/** @param n networks tried on `images` of a split */
export function evaluationOf(
  checkpoint: string,
  seed: number,
  n: number,
  split: 'validation' | 'test',
  images: number,
): AnalysisResult<'evaluation'> {
  const accuracies = Array.from({ length: n }, () => 0.9)
  const result = {
    n,
    images,
    split,
    mean: 0.9,
    std: 0,
    min: 0.9,
    max: 0.9,
    loss: 0.3,
    entropy: 1,
    accuracies,
    losses: accuracies,
    seconds: 1,
  }
  const about = { id: n, run: 'heron', kind: 'evaluation' as const, step: 100, checkpoint, seed, count: n, networks: null }
  return { ...about, dataset: 'd', split, images, options: {}, result, createdAt: n }
}

export function runDetails(part: Partial<RunDetails> = {}): RunDetails {
  const document = structuredClone(presets['mnist-quick'])
  return {
    run: {
      id: 'heron',
      name: 'heron',
      state: 'finished',
      step: 100,
      steps: 100,
      preset: document.preset,
      dataset: document.data.id,
      parent: null,
      seed: document.seed,
      family: null,
      tags: [],
      note: '',
      createdAt: 0,
      startedAt: 0,
      updatedAt: 0,
      endedAt: 0,
      seconds: 1,
      accuracy: null,
      tested: null,
      error: null,
      document,
      documentHash: 'd',
      machine: null,
      versions: null,
      farmProcesses: null,
    },
    checkpoints: [checkpointAt(100)],
    results: [],
    unknownResults: [],
    reports: [],
    commands: [],
    ...part,
  }
}
