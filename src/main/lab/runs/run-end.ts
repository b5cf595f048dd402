/** What is made of the end of a training job that failed: the state it leaves, and the words for what to do. */
import { LabError, toErrorValue } from '../../../shared/errors.ts'
import type { Help } from '../../../shared/help.ts'
import type { Run, RunState } from '../../store/types.ts'
import { gentlerFork, resumePoint } from './resume-point.ts'
import type { LabContext } from '../context/lab-context.ts'

/** What a pause is meant as; whoever started the training may change it while it goes on. */
export interface RunEnd {
  whenPaused: 'paused' | 'stopped'
  /** It is to end, though there may be no job yet that could be told. */
  asked: boolean
}

/** A run whose engine died can go on from its checkpoint; one whose numbers are no longer finite cannot. */
export function stateAfter(error: LabError, end: RunEnd): RunState {
  if (error.code === 'cancelled' || error.code === 'engine-lost' || error.code === 'memory') return 'interrupted'
  if (error.code === 'disk') return end.whenPaused
  return 'failed'
}

/** What training failed with, and how the run can go on. */
export function withRemedy({ store }: LabContext, run: Run, thrown: unknown): LabError {
  const { code, message, remedy, help } = toErrorValue(thrown)
  const step = unlessBroken(() => resumePoint(store, run))?.step
  const goesOn = `the run can ${step === undefined ? 'begin again from step 0' : `go on from step ${step}`}`
  const told = (words: string, how: Help | undefined) => new LabError(code, message, words, { ...how, cause: thrown })
  const resume = { action: 'resume', run: run.id } as const
  switch (code) {
    case 'diverged': {
      const fork = unlessBroken(() => gentlerFork(store, run))
      return fork === undefined
        ? told('There is no checkpoint yet. Train anew with a smaller learning rate.', {
            settings: { 'training.learningRate': run.document.training.learningRate / 2 },
          })
        : told(`The last finite checkpoint, step ${step}, is kept. Fork from it with a smaller learning rate.`, fork)
    }
    case 'engine-lost':
    case 'cancelled':
      return told(`Nothing stored is lost: ${goesOn}.`, resume)
    case 'memory':
      return told(`${remedy} Then ${goesOn}; or train anew with fewer networks or images per step.`, resume)
    case 'disk':
      return told(`${remedy} Then ${goesOn}.`, resume)
    default:
      return told(remedy, help)
  }
}

/** The store itself may be what failed; then the error at hand says so already. */
function unlessBroken<T>(look: () => T): T | undefined {
  try {
    return look()
  } catch {
    return undefined
  }
}
