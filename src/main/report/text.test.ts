import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { csvCell } from '../../shared/csv.ts'
import { clean, cleanText } from './clean.ts'
import { shorten } from './format.ts'
import { toCsv } from './render/csv.ts'
import { escapeHtml } from './render/html.ts'
import { escapeMarkdown } from './render/markdown.ts'
import { fraction } from '../../shared/wording.ts'

const anyText = fc.string({ unit: 'binary', maxLength: 60 })

describe('csv', () => {
  it.each(['=1+1', '+1', '-1', '@x', '\tx', '\rx'])('disarms the formula %j', (cell) => {
    expect(csvCell(cell)).toBe(`"'${cell}"`)
  })

  it('leaves numbers alone', () => {
    expect(toCsv({ columns: ['a', 'b', 'c'], rows: [[-1.5, 1e-9, null]] })).toBe('a,b,c\r\n-1.5,1e-9,\r\n')
  })

  it('quotes so that a reader gets the text back', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const cell = csvCell(text)
        const read = cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell
        expect([text, `'${text}`]).toContain(read)
        expect(read).not.toMatch(/^[=+\-@\t\r]/)
        if (!cell.startsWith('"')) expect(cell).not.toMatch(/[",\r\n]/)
      }),
    )
  })
})

describe('escaping', () => {
  it('leaves no mark of HTML', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(escapeHtml(text)).not.toMatch(/[<>"']|&(?!(amp|lt|gt|quot|#39);)/)
      }),
    )
  })

  it('leaves no live mark of Markdown', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'\\`*_[]()#+-=.!|~$<>&@ 1a'.split('')), maxLength: 30 }), (text) => {
        const escaped = escapeMarkdown(text).replace(/\\[\\`*_[\]#|~$.)=+-]/g, 'e')
        expect(escaped).not.toMatch(/[\\`*_[\]|~$<>@]|^\s*[-+=#]|^\s*\d+[.)](\s|$)/)
      }),
    )
  })
})

describe('clean', () => {
  it('leaves only what a document can carry, and is done after once', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const once = cleanText(`${text}\ud800\u0007\u202e`)
        expect(once.isWellFormed()).toBe(true)
        expect(once).not.toMatch(/[\u0000-\u0008\u000e-\u001f\u202a-\u202e]/)
        expect(cleanText(once)).toBe(once)
      }),
    )
  })

  it('goes through a value and keeps its arrays', () => {
    const numbers = new Float32Array([1, 2])
    expect(clean({ a: ['x\u0000'], 'k\u0007': { numbers, n: null } })).toEqual({ a: ['x'], k: { numbers, n: null } })
  })
})

it('texts are cut where a reader counts characters', () => {
  expect(shorten('a😀b', 2)).toBe('a…')
  expect(shorten('a😀', 2)).toBe('a😀')
  expect(shorten('deep ensemble', 6)).toBe('deep…')
  expect(fraction(Number.NaN)).toBe('–')
})
