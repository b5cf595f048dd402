/** The words for a process of a job that is lost, and what to do then. */
import type { JobKind } from '../../shared/engine-protocol.ts'
import { LabError } from '../../shared/errors.ts'
import type { ProcessExit } from '../process/child.ts'
import type { Loss } from '../process/channel.ts'
import { remedyFor, tellsOfShortage } from './memory.ts'

/**
 * An error `engine-lost`, or `memory` where that was missing: what happened, and the last lines that the process printed.
 * @param killedForMemory whether the system has killed a process for want of memory meanwhile
 */
export function engineLost(kind: JobKind, who: string, loss: Loss, output: string, killedForMemory: () => boolean): LabError {
  const tell = (sentence: string): string => (output === '' ? sentence : `${sentence} It last said:\n${output}`)
  if (loss.how === 'ended' && ((loss.exit.signal === 'SIGKILL' && killedForMemory()) || tellsOfShortage(output))) {
    return new LabError('memory', tell(`${who} ran out of memory and was ended by the system.`), remedyFor(kind))
  }
  const remedy =
    kind === 'train' ? 'Nothing that was saved is lost: go on from the last checkpoint.' : 'Nothing that was saved is lost: begin it again.'
  const cause = loss.how === 'nonsense' ? loss.cause : undefined
  return new LabError(
    'engine-lost',
    tell(`${who} ${whatHappened(loss)}.`),
    remedy,
    kind === 'train' ? { cause, action: 'resume' } : { cause },
  )
}

function whatHappened(loss: Loss): string {
  switch (loss.how) {
    case 'ended':
      return `${endOf(loss.exit)} before its job was done`
    case 'hung':
      return `has not answered for ${(loss.silentMilliseconds / 1000).toFixed(1)} s, and was ended`
    case 'nonsense':
      return `sent a message that cannot be read (${loss.reason})`
    case 'too-large':
      return 'took too much memory'
  }
}

function endOf({ code, signal }: ProcessExit): string {
  if (signal !== null) return `was killed by ${signal}`
  return code === null ? 'could not be started' : `ended with exit code ${code}`
}
