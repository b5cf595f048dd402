/** How the values of settings are written. */
import { settingInWords } from '../../shared/sweep.ts'

/** A value as tables tell it: a number with commas between thousands. */
export const tellValue = (key: string, value: unknown): string =>
  typeof value === 'number' ? settingInWords(key, value) : showValue(value)

/** A value as it is written in a document. */
export function showValue(value: unknown): string {
  if (typeof value === 'string') return value
  if (Array.isArray(value) && value.every((inner) => typeof inner === 'number')) return value.join(', ')
  if (isGroup(value) && !Array.isArray(value)) {
    return Object.entries(value)
      .map(([name, inner]) => `${name} ${showValue(inner)}`)
      .join(', ')
  }
  if (Array.isArray(value) && value.every(isGroup)) return value.map((inner) => showValue(inner)).join('; ')
  return JSON.stringify(value) ?? '\u2013'
}

const isGroup = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null
