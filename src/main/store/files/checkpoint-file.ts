/** A checkpoint as a file: the run's arrays, its step and its document, in safetensors. Same state, same bytes. */
import type { CheckpointState } from '../../../shared/engine-protocol.ts'
import { methodOf } from '../../../methods/registry.ts'
import { LabError } from '../../../shared/errors.ts'
import { openDocument } from '../../../shared/open-document.ts'
import { experimentSchema } from '../../../shared/experiment.ts'
import { issueWords } from '../../../shared/issue-words.ts'
import type { Experiment } from '../../../shared/experiment.ts'
import { decodeTensors, encodeTensors } from './safetensors.ts'
import type { NamedArray } from './safetensors.ts'
import { canonicalJson } from './checksummed-json.ts'

const format = 'weightscape-checkpoint-1'

/**
 * @returns the whole file, its own checksum in its metadata
 * @throws LabError `diverged` when a number is not finite: such a state must not push out a good one
 */
export function encodeCheckpoint(state: CheckpointState, document: Experiment): Uint8Array {
  const arrays: Record<string, NamedArray> = {}
  for (const [name, data] of Object.entries(state.arrays)) {
    const place = data.findIndex((value) => !Number.isFinite(value))
    if (place >= 0) {
      throw new LabError(
        'diverged',
        `The state of step ${state.step} is not finite: ${name}[${place}] is ${data[place]}.`,
        `Fork the run from its last checkpoint with ${methodOf(document.method).whenDiverged}.`,
        { action: 'fork' },
      )
    }
    arrays[name] = { shape: [data.length], data }
  }
  return encodeTensors({ arrays, metadata: { format, step: String(state.step), document: canonicalJson(document) } })
}

/**
 * @param what names the file in errors
 * @throws LabError `corrupt`, `bad-input` where its document names what this version does not know
 */
export function decodeCheckpoint(bytes: Uint8Array, what = 'The checkpoint'): { state: CheckpointState; document: Experiment } {
  const { arrays, metadata } = decodeTensors(bytes, what)
  const step = Number(metadata['step'])
  if (metadata['format'] !== format || !Number.isSafeInteger(step) || step < 0) {
    throw new LabError(
      'corrupt',
      `${what} is not a checkpoint of this version (${metadata['format'] ?? 'no format named'}).`,
      'Use a checkpoint made by this version of Weightscape.',
    )
  }
  return {
    state: { step, arrays: Object.fromEntries(Object.entries(arrays).map(([name, { data }]) => [name, data])) },
    document: parseDocument(metadata['document'] ?? '', what),
  }
}

function parseDocument(json: string, what: string): Experiment {
  let value: unknown
  try {
    value = JSON.parse(json)
  } catch {
    throw new LabError('corrupt', `${what} carries no experiment document.`, 'Use another checkpoint of this run.')
  }
  const parsed = experimentSchema.safeParse(openDocument(value))
  if (parsed.success) return parsed.data
  throw new LabError(
    'corrupt',
    `${what} carries an experiment document that this version cannot read: ${issueWords(parsed.error.issues[0])}.`,
    'Use another checkpoint, or the version of Weightscape that wrote this one.',
  )
}
