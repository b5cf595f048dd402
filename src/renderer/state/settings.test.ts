import { expect, it } from 'vitest'
import { showValue } from './settings.ts'

it.each<[unknown, string]>([
  [[3, 1, 2], '3, 1, 2'],
  [{ train: 5, test: 2 }, 'train 5, test 2'],
  [
    [
      { kind: 'dense', units: 4 },
      { kind: 'dense', units: 2 },
    ],
    `kind ${showValue('dense')}, units 4; kind ${showValue('dense')}, units 2`,
  ],
  [undefined, '–'],
])('%j is shown as %s', (value, shown) => {
  expect(showValue(value)).toBe(shown)
})
