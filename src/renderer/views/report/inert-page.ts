/**
 * A page made fit to be shown where the content policy lets no style stand in a text: its styles are taken out,
 * to be put on again by script, which may.
 */

/** Where an element's own style waits. */
export const ownStyle = 'data-own-style'

export interface InertPage {
  /** The page without any style. */
  text: string
  /** Its style sheets, in order. */
  sheets: string[]
}

/** @param html a whole page, as reports are written: no `<` within a style sheet, no `>` within an attribute */
export function takeStyles(html: string): InertPage {
  const sheets: string[] = []
  const text = html
    .replace(/<style\b[^>]*>([^<]*)<\/style\s*>/gi, (_, sheet: string) => {
      sheets.push(sheet)
      return ''
    })
    .replace(/<[a-z][^<>]*>/gi, (tag) => tag.replace(/\sstyle\s*=/gi, ` ${ownStyle}=`))
  return { text, sheets }
}

/** Puts the styles on again. @param window of the frame: a sheet belongs to the window that made it */
export function putOnStyles(page: Document, window: Pick<typeof globalThis, 'CSSStyleSheet'>, sheets: readonly string[]): void {
  page.adoptedStyleSheets = sheets.map((text) => {
    const sheet = new window.CSSStyleSheet()
    sheet.replaceSync(text)
    return sheet
  })
  for (const element of page.querySelectorAll<HTMLElement | SVGElement>(`[${ownStyle}]`)) {
    element.style.cssText = element.getAttribute(ownStyle) ?? ''
  }
}
