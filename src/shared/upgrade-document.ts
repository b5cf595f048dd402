/**
 * Documents of older versions as today's: the one place that knows what documents looked like. Pure, and for
 * anything that may be a document: from a person's file, a run's row, a checkpoint's metadata.
 */
import { upgradeTarget } from '../layers/upgrade-layers.ts'
import { LabError } from './errors.ts'

/** The version that this Weightscape writes. */
export const documentVersion = 2

type Group = Record<string, unknown>
const isGroup = (value: unknown): value is Group => typeof value === 'object' && value !== null && !Array.isArray(value)

/**
 * The same experiment in today's form; what is no document, or is of today already, comes back as it is,
 * for the schema to judge.
 * @throws LabError `bad-input` when it is of a newer version
 */
export function upgradeDocument(value: unknown): unknown {
  if (!isGroup(value)) return value
  if (typeof value.version === 'number' && value.version > documentVersion) {
    throw new LabError(
      'bad-input',
      `The document has version ${value.version}; this Weightscape knows versions up to ${documentVersion}.`,
      'Use the newer version of Weightscape that wrote it.',
    )
  }
  return value.version === 1 ? upgradeTarget(fromVersion1(value)) : value
}

/** Version 1 knew one method, whose settings stood in three places. */
function fromVersion1({ hypernetwork, objective, training, ...rest }: Group): unknown {
  const method: Group = { kind: 'hypernetwork', ...(isGroup(objective) ? objective : {}), ...(isGroup(hypernetwork) ? hypernetwork : {}) }
  if (!isGroup(training)) return { ...rest, version: 2, method, training }
  const { noiseBatch, ...others } = training
  return { ...rest, version: 2, method: { ...method, ...(noiseBatch === undefined ? {} : { noiseBatch }) }, training: others }
}
