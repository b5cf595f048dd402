import { parseHTML } from 'linkedom'
import { describe, expect, it } from 'vitest'
import { ownStyle, putOnStyles, takeStyles } from './inert-page.ts'

const html = `<!doctype html><html><head><style>p > b { color: red }</style></head><body>
<p style="margin: 1px" title="a style of its own">Text about style="x" stays.</p><svg><style type="text/css">.a{}</style></svg></body></html>`

describe('a page without styles in its text', () => {
  it('gives its sheets in order and loses nothing else', () => {
    const { text, sheets } = takeStyles(html)
    expect(sheets).toEqual(['p > b { color: red }', '.a{}'])
    const { document } = parseHTML(text)
    expect(document.querySelector('style, [style]')).toBeNull()
    expect(document.querySelector('p')?.getAttribute(ownStyle)).toBe('margin: 1px')
    expect(document.querySelector('p')?.getAttribute('title')).toBe('a style of its own')
    expect(document.querySelector('p')?.textContent).toBe('Text about style="x" stays.')
  })

  it('has them put on again', () => {
    const { text, sheets } = takeStyles(html)
    const { document } = parseHTML(text)
    class Sheet {
      text = ''
      replaceSync(text: string) {
        this.text = text
      }
    }
    putOnStyles(document, { CSSStyleSheet: Sheet as unknown as typeof CSSStyleSheet }, sheets)
    const adopted = (document as unknown as { adoptedStyleSheets: Sheet[] }).adoptedStyleSheets
    expect(adopted.map((sheet) => sheet.text)).toEqual(sheets)
    expect(document.querySelector('p')?.style.cssText).toContain('margin')
  })
})
