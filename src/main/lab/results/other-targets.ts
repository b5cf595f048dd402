/** Target networks that an analysis names, found: a name may come to mean another, so each is held to what it means now. */
import { ownTarget, knownTarget, targetFault } from '../../../analyses/other-target.ts'
import { LabError } from '../../../shared/errors.ts'
import { targetSchema, type Target } from '../../../shared/experiment.ts'
import { parseJson, RepeatedKey } from '../../../shared/json-text.ts'
import { quoted } from '../../../shared/names.ts'
import { openDocument } from '../../../shared/open-document.ts'
import { startingTargets } from '../../../shared/starting-targets.ts'
import { checkDocument } from '../experiment/document.ts'
import { didYouMean } from '../experiment/suggest.ts'
import type { RunService } from '../runs/runs.ts'

interface Named {
  /** As it is kept: the id of a run, a target written out in JSON. */
  name: string
  target: Target
}

/** @param key of the option @throws LabError `invalid-argument`: there is none of the name, or it is no student of the run */
export function otherTarget(own: Target, name: string, key: string, runs: RunService): Named {
  const found = name.startsWith('{') ? writtenOut(name, key) : (byName(own, name) ?? ofRun(name, key, runs))
  const fault = targetFault(own, found.target, found.name, key)
  if (fault !== null) throw fault
  return found
}

function byName(own: Target, name: string): Named | undefined {
  const target = knownTarget(own, name)
  return target && { name, target }
}

function ofRun(name: string, key: string, runs: RunService): Named {
  try {
    const { id, document } = runs.get(name)
    return { name: id, target: document.target }
  } catch (cause) {
    if (!(cause instanceof LabError) || cause.code !== 'not-found' || cause.help?.action === 'trash') throw cause
    const known = [ownTarget, ...startingTargets.map((one) => one.key)]
    throw new LabError(
      'invalid-argument',
      `There is neither a target nor a run ${quoted(name)}.${didYouMean(name, known)}`,
      `Name one of these, or a run: ${known.join(', ')}.`,
      { cause, settings: { [key]: null } },
    )
  }
}

/** A document, or its target alone. */
function writtenOut(text: string, key: string): Named {
  const value = parsed(text, key)
  const target = 'target' in value ? checkDocument(openDocument(value)).target : targetSchema.safeParse(value).data
  if (target === undefined)
    throw new LabError('invalid-argument', 'The target that is written out is none.', 'Give a document, or its target.', {
      settings: { [key]: null },
    })
  return { name: JSON.stringify(target), target }
}

function parsed(text: string, key: string): object {
  try {
    return Object(parseJson(text)) as object
  } catch (cause) {
    const found = cause instanceof RepeatedKey ? `cannot be read: ${cause.message}` : 'is no JSON'
    throw new LabError('invalid-argument', `The target that is written out ${found}.`, 'Give a document, or its target.', {
      cause,
      settings: { [key]: null },
    })
  }
}
