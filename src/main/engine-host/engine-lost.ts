/** The words for an engine process that is gone, and what to do then. */
import type { JobKind } from '../../shared/engine-protocol.ts'
import { LabError } from '../../shared/errors.ts'
import { remedies as memoryRemedies, tellsOfShortage } from './memory.ts'
import type { ProcessExit } from '../process/child.ts'

/** An `engine-lost` error: what happened, and the last lines that the process printed. */
export function lost(kind: JobKind, what: string, words: string, cause?: unknown): LabError {
  const remedy =
    kind === 'train' ? 'Nothing that was saved is lost: go on from the last checkpoint.' : 'Nothing that was saved is lost: begin it again.'
  return new LabError('engine-lost', withWords(`${what}.`, words), remedy, kind === 'train' ? { cause, action: 'resume' } : { cause })
}

/** A process that has not been heard from. */
export function hung(kind: JobKind, who: string, silentMilliseconds: number, words: string): LabError {
  return lost(kind, `${who} has not answered for ${(silentMilliseconds / 1000).toFixed(1)} s, and was ended`, words)
}

/** A process that ended by itself, though its job had not. */
export function ended(kind: JobKind, who: string, exit: ProcessExit, words: string, forWantOfMemory: boolean): LabError {
  if (forWantOfMemory || tellsOfShortage(words)) {
    return new LabError('memory', withWords(`${who} ran out of memory and was ended by the system.`, words), memoryRemedies[kind])
  }
  const how =
    exit.signal !== null
      ? `was killed by ${exit.signal}`
      : exit.code === null
        ? 'could not be started'
        : `ended with exit code ${exit.code}`
  return lost(kind, `${who} ${how} before its job was done`, words)
}

function withWords(sentence: string, words: string): string {
  return words === '' ? sentence : `${sentence} It last said:\n${words}`
}
