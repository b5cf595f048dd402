/** A page made fit to be shown where no style may stand in the text: its styles are lifted out, to be put on again by hand. */

/** Where an element's own style waits. */
export const ownStyle = 'data-own-style'

/**
 * Takes styles, scripts and whatever reaches out from a document.
 * @returns the text of its style sheets, in order
 */
export function liftStyles(page: Document): string[] {
  const sheets = [...page.querySelectorAll('style')]
  const texts = sheets.map((sheet) => sheet.textContent)
  for (const element of [...sheets, ...page.querySelectorAll('script, link, base, iframe, object, embed, meta[http-equiv]')])
    element.remove()
  for (const element of page.querySelectorAll('[style]')) {
    element.setAttribute(ownStyle, element.getAttribute('style') ?? '')
    element.removeAttribute('style')
  }
  return texts
}

/** Puts lifted styles on again: by script they are allowed where in the text they are not. @param window of the frame */
export function putOn(page: Document, window: Window & Pick<typeof globalThis, 'CSSStyleSheet'>, sheets: readonly string[]): void {
  page.adoptedStyleSheets = sheets.map((text) => {
    const sheet = new window.CSSStyleSheet()
    sheet.replaceSync(text)
    return sheet
  })
  for (const element of page.querySelectorAll<HTMLElement | SVGElement>(`[${ownStyle}]`)) {
    element.style.cssText = element.getAttribute(ownStyle) ?? ''
  }
}
