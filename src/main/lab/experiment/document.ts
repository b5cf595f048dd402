/** The experiment document: from a preset, with settings changed, and checked. */
import type { z } from 'zod'
import { methodOf } from '../../../methods/registry.ts'
import { LabError } from '../../../shared/errors.ts'
import { experimentSchema } from '../../../shared/experiment.ts'
import type { Experiment } from '../../../shared/experiment.ts'
import { presets } from '../../../shared/presets.ts'
import { layOut } from '../../../shared/target-layout.ts'
import { describeAllowed, membersOf, schemaAt, valueAt } from '../../../shared/document-keys.ts'
import { checkBatch } from './reference-batch.ts'
import { deepest, layerKinds } from '../../../layers/registry.ts'
import { didYouMean } from './suggest.ts'

/**
 * The document of a preset, fresh to be changed.
 * @throws LabError `invalid-argument` naming the presets there are
 */
export function presetDocument(name: string): Experiment {
  const names = Object.keys(presets)
  if (!Object.hasOwn(presets, name)) {
    throw new LabError('invalid-argument', `There is no preset "${name}".${didYouMean(name, names)}`, `Choose one of: ${names.join(', ')}.`)
  }
  return structuredClone(presets[name])
}

/**
 * Checks a document from outside.
 * @throws LabError `invalid-argument` naming each key at fault, what was found and what is allowed
 */
export function checkDocument(value: unknown): Experiment {
  const document = checkSettings(value)
  methodOf(document.method).check(document.method, layOut(document.target))
  checkBatch(document)
  return document
}

/** Checks its settings one by one, not whether they go together. @throws LabError as {@link checkDocument} */
export function checkSettings(value: unknown): Experiment {
  const parsed = experimentSchema.safeParse(value)
  if (!parsed.success) {
    // A number may be wrong in several ways: it is said once.
    const faults = [...new Map(parsed.error.issues.map((issue) => describeIssue(issue, value)).map((fault) => [fault.key, fault])).values()]
    const shown = faults.slice(0, 3).map((fault) => fault.message)
    if (faults.length > shown.length) shown.push(`And ${faults.length - shown.length} more.`)
    throw new LabError('invalid-argument', shown.join(' '), faults[0].remedy, {
      settings: Object.fromEntries(faults.filter(({ key }) => isSetAlone(key)).map(({ key }) => [key, null])),
      faults: Object.fromEntries(faults.map(({ key, message, remedy }) => [key, `${message} ${remedy}`])),
    })
  }
  return parsed.data
}

/** Whether it can be given by itself: not a document, nor one of its parts. */
const isSetAlone = (key: string): boolean => key === 'seed' || key.includes('.')

interface Fault {
  /** Of the document. */
  key: string
  message: string
  remedy: string
}

function describeIssue(issue: z.core.$ZodIssue, value: unknown): Fault {
  const path = issue.path.map((part) => (typeof part === 'number' ? part : String(part)))
  const key = path.join('.')
  const where = key === '' ? 'The document' : key
  const node = schemaAt(path, value)
  if (issue.code === 'unrecognized_keys') {
    const members = node === undefined ? [] : (membersOf(node) ?? [])
    const [unknown] = issue.keys
    return {
      key: key === '' ? unknown : `${key}.${unknown}`,
      message: `${where} has no key "${unknown}".${didYouMean(unknown, members)}`,
      remedy: `The keys there: ${members.join(', ')}.`,
    }
  }
  const found = valueAt(value, path)
  if (issue.path.at(-1) === 'kind' && typeof found === 'string' && Object.hasOwn(layerKinds, found)) {
    return {
      key,
      message: `${key} is ${written(found)}: layers that hold others lie within each other at most ${deepest} deep.`,
      remedy: 'Take it out of one that is around it.',
    }
  }
  const allowed = node === undefined ? issue.message : describeAllowed(node)
  return {
    key,
    message: found === undefined ? `${key} is missing.` : `${where} is ${written(found)}, which is not allowed.`,
    remedy: key === '' ? `Give ${allowed}.` : `Give ${key} ${allowed}.`,
  }
}

/** As it stands in a document; of what is long or deep its beginning. */
function written(value: unknown): string {
  if (Array.isArray(value) && value.length > 20) return `a list of ${value.length}`
  const text = typeof value === 'number' ? String(value) : JSON.stringify(cut(value, 3))
  return text.length > 80 ? `${text.slice(0, 77)}...` : text
}

/** A value without what is too far in, or behind too much, to be shown. */
function cut(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return value.slice(0, 80)
  if (typeof value !== 'object' || value === null) return value
  if (depth === 0) return '...'
  const entries = Object.entries(value).slice(0, 20)
  const parts = entries.map(([key, part]): [string, unknown] => [key, cut(part, depth - 1)])
  return Array.isArray(value) ? parts.map(([, part]) => part) : Object.fromEntries(parts)
}
