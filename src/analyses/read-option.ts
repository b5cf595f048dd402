/** Reads the value of an option from what a person typed. */
import type { OptionFacts } from './option-facts.ts'
import { splitTargets } from './other-target.ts'

/** @returns the value, or a sentence that says what would be right */
export function readOption(facts: OptionFacts, text: string): { value: unknown } | { refusal: string } {
  const { type, choices } = facts
  if (type === 'dataset' || type === 'target') return { value: text.trim() }
  if (type === 'targets') return { value: splitTargets(text) }
  if (type === 'runs') {
    const runs = text.split(',').map((part) => part.trim())
    return runs.includes('') ? { refusal: 'It must be names of runs with commas between.' } : { value: runs }
  }
  if (type === 'switch') return { value: text === 'true' }
  if (type === 'choice') return choices.includes(text) ? { value: text } : { refusal: `It must be one of ${choices.join(', ')}.` }
  const values = type === 'list' ? text.split(',').map((part) => numberIn(facts, part)) : [numberIn(facts, text)]
  if (values.includes(undefined)) return { refusal: `It must be ${wanted(facts)}.` }
  return { value: type === 'list' ? values : values[0] }
}

/** Undefined: it is no such number. */
function numberIn({ type, fractions, min, max, above }: OptionFacts, text: string): number | undefined {
  const value = text.trim() === '' ? NaN : Number(text)
  const isNumber =
    type === 'number' || fractions ? Number.isFinite(value) : /^[+-]?\d+(\.0*)?(e\d+)?$/i.test(text.trim()) && Number.isSafeInteger(value)
  const fits = (min === undefined || (above ? value > min : value >= min)) && (max === undefined || value <= max)
  return isNumber && fits ? value : undefined
}

function wanted({ type, fractions, min, max, above, example }: OptionFacts): string {
  if (type === 'list')
    return `${fractions ? 'numbers' : 'whole numbers'} ${max === undefined ? `of at least ${min}` : above ? `above ${min} and at most ${max}` : `from ${min} to ${max}`} with commas between${example === undefined ? '' : `, such as ${example}`}`
  const number = type === 'whole' ? 'a whole number' : 'a number'
  const from = min === undefined ? '' : above ? `above ${min}` : max === undefined ? `of at least ${min}` : `from ${min}`
  if (max === undefined) return `${number} ${from}`.trim()
  if (min === undefined) return `${number} of at most ${max}`
  return `${number} ${above ? `${from} and at most ${max}` : `${from} to ${max}`}`
}
