import fc from 'fast-check'
import { expect, it } from 'vitest'
import { parseJson } from './json-text.ts'

it('reads what JSON.parse reads, whatever stands in names and texts', () => {
  fc.assert(
    fc.property(fc.json(), (text) => {
      expect(parseJson(text)).toEqual(JSON.parse(text))
    }),
  )
  expect(parseJson('[{"a": 1}, {"a": 2, "b": {"a": "{\\"a\\": \\"a\\"}"}}, "a", "a"]')).toHaveLength(4)
  expect(parseJson(`"${'x'.repeat(5_000_000)}"`)).toHaveLength(5_000_000)
})

it.each([
  ['{"steps": 20,\n "steps": 10,\n "more": 1}', '"steps" twice in one place, at line 2 again'],
  ['{"a": [1],\n "b": [{}],\n "a": 2}', '"a" twice in one place, at line 3'],
  ['{"say \\"a\\"": 1, "say \\"a\\"": 2}', '"say \\"a\\"" twice'],
  [`{"${'n'.repeat(81)}": 1, "${'n'.repeat(81)}": 2}`, `"${'n'.repeat(80)}…" twice`],
  ['{"a": [{"b": {}, "c": 1, "b": 2}]}', '"b" twice'],
  ['{"a": 1, "\\u0061": 2}', '"a" twice'],
  ['{"": 1, "": 2}', '"" twice'],
])('%j says one thing in two ways', (text, what) => {
  expect(() => parseJson(text)).toThrow(what)
})

it('throws what JSON.parse throws of what is no JSON', () => {
  expect(() => parseJson('{"a": 1, "a": }')).toThrow(SyntaxError)
})
