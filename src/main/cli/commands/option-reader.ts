/** Reads an option's value as its schema wants it, or says what would be right. */
import { InvalidArgumentError } from 'commander'
import type { OptionFacts } from '../../../analyses/option-facts.ts'
import { wholeNumber } from '../option-values.ts'

export function readerOf({ type, min, max, above, example }: OptionFacts): (text: string) => unknown {
  if (type === 'whole') return wholeNumber(min ?? Number.MIN_SAFE_INTEGER, max)
  if (type === 'list') {
    return (text) => {
      try {
        return text.split(',').map(wholeNumber(min ?? 0, max))
      } catch {
        throw new InvalidArgumentError(
          `It must be whole numbers of at least ${min} with commas between${example === undefined ? '' : `, such as ${example}`}.`,
        )
      }
    }
  }
  return (text) => {
    const value = text.trim() === '' ? NaN : Number(text)
    const fits = (min === undefined || (above ? value > min : value >= min)) && (max === undefined || value <= max)
    if (!Number.isFinite(value) || !fits) throw new InvalidArgumentError(`It must be a number ${range(min, max, above)}.`)
    return value
  }
}

function range(min: number | undefined, max: number | undefined, above: boolean): string {
  const from = min === undefined ? '' : above ? `above ${min}` : max === undefined ? `of at least ${min}` : `from ${min}`
  if (max === undefined) return from
  return above ? `${from} and at most ${max}` : `${from} to ${max}`.trim()
}
