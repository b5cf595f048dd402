/** Where a sweep starts from: a document of somebody's own is its preset, and what it has otherwise. */
import type { Plan } from './contract/runs.ts'
import { schemaAt, whyNotSettable } from './document-keys.ts'
import type { Study } from './study.ts'
import type { SetValue } from './sweep.ts'

/** @param varied keys that need no value, since they get several */
export function baseOf(
  { document, differs }: Pick<Plan, 'document' | 'differs'>,
  varied: readonly string[] = [],
): Pick<Study, 'presets' | 'data' | 'settings'> {
  const settings = differs.flatMap(({ key, value }): SetValue[] => {
    // What is left out is as it is anyway.
    const given = value ?? schemaAt(key.split('.'), document)?.default ?? null
    const isOut = key === 'seed' || varied.includes(key) || whyNotSettable(key) !== undefined || given === null
    return isOut ? [] : [{ key, value: given as SetValue['value'] }]
  })
  return { presets: [document.preset], data: document.data.id, settings }
}
