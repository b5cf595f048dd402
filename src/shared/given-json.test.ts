import { describe, expect, it } from 'vitest'
import { documentFile, parseGiven } from './given-json.ts'

describe('the text of a document', () => {
  it('is read as JSON', () => {
    expect(parseGiven('{"version": 2}', 'a.json', documentFile)).toEqual({ version: 2 })
    expect(parseGiven('\ufeff{"version": 2}', 'a.json', documentFile)).toEqual({ version: 2 })
  })

  it.each([
    ['', 'it is empty'],
    ['{"a": 1,\n "b" 2}', 'it is not JSON at line 2, column 6'],
    ['{"a": [1, 2', 'it ends early'],
    ['{"a": 1, "b": }', 'it is not JSON'],
    ['hello', 'it is not JSON'],
    ['\u0000\u0001', 'it is not JSON'],
    ['{"training": {"steps": 20,\n"steps": 10}}', 'it has "steps" twice in one place, at line 2 again.'],
    ['x'.repeat(documentFile.most + 1), 'with 1\u00a0MB it is too large to be one'],
  ])('%j is refused with what is wrong', (text, what) => {
    expect(() => parseGiven(text, 'a.json', documentFile)).toThrow(`The document a.json could not be read: ${what}`)
  })
})
