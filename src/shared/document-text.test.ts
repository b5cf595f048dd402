import { describe, expect, it } from 'vitest'
import { maxDocumentLength, parseDocument } from './document-text.ts'

describe('the text of a document', () => {
  it('is read as JSON', () => {
    expect(parseDocument('{"version": 2}', 'a.json')).toEqual({ version: 2 })
    expect(parseDocument('\ufeff{"version": 2}', 'a.json')).toEqual({ version: 2 })
  })

  it.each([
    ['', 'it is empty'],
    ['{"a": 1,\n "b" 2}', 'it is not JSON at line 2, column 6'],
    ['{"a": [1, 2', 'it ends early'],
    ['{"a": 1, "b": }', 'it is not JSON'],
    ['hello', 'it is not JSON'],
    ['\u0000\u0001', 'it is not JSON'],
    ['{"training": {"steps": 20,\n"steps": 10}}', 'it has "steps" twice in one place, at line 2 again.'],
    ['x'.repeat(maxDocumentLength + 1), 'with 1\u00a0MB it is too large to be one'],
  ])('%j is refused with what is wrong', (text, what) => {
    expect(() => parseDocument(text, 'a.json')).toThrow(`The document a.json could not be read: ${what}`)
  })
})
