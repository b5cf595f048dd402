/** How a report writes a document. */
import { chainWords } from '../../../layers/registry.ts'
import type { Experiment } from '../../../shared/experiment.ts'

const isGroup = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)

/** The target network in one line, from input to output. */
export const describeTarget = ({ target }: Experiment): string => chainWords(target.layers).join(' → ')

/** JSON with a space after each comma and colon. */
function onOneLine(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(onOneLine).join(', ')}]`
  if (!isGroup(value)) return JSON.stringify(value)
  const members = Object.entries(value).map(([key, item]) => `${JSON.stringify(key)}: ${onOneLine(item)}`)
  return members.length === 0 ? '{}' : `{ ${members.join(', ')} }`
}

/**
 * The document as JSON that is short to read: what fits on a line stays on one, and plain members
 * share lines.
 * @param before characters that stand on the first line already
 */
export function prettyJson(value: unknown, indent = '', before = 0): string {
  const room = 96
  const flat = onOneLine(value)
  if (indent.length + before + flat.length <= room || typeof value !== 'object' || value === null) return flat
  const inner = `${indent}  `
  const list = Array.isArray(value)
  const members = list
    ? value.map((item) => prettyJson(item, inner))
    : Object.entries(value).map(([key, item]) => `${JSON.stringify(key)}: ${prettyJson(item, inner, key.length + 4)}`)
  const lines: string[] = []
  let plain = false
  for (const member of members) {
    const joins = plain && !/[{\n]/.test(member) && inner.length + lines[lines.length - 1].length + member.length + 3 <= room
    if (joins) lines[lines.length - 1] += `, ${member}`
    else lines.push(member)
    plain = !/[{\n]/.test(member)
  }
  return `${list ? '[' : '{'}\n${lines.map((line) => inner + line).join(',\n')}\n${indent}${list ? ']' : '}'}`
}
