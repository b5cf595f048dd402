/** Accuracies that a view tells: each has its images, their number and an interval. */
import { expect, type Page } from 'playwright/test'
import { bareShares, saysImages } from '../src/shared/statistics/testing/bare-shares.ts'

export interface Told {
  text: string
  /** What stands around it: its line or figure first, then its panel. */
  around: string[]
}

/** Texts that hold a percentage; not ticks of axes and ends of colour scales, what machines do, how far tasks are, disagreement, training images of a step. */
export const toldIn = (page: Page): Promise<Told[]> =>
  page.evaluate(() => {
    const elsewhere =
      '[data-mark*="axis"], [aria-label*="axis"], [aria-label^="Nearest"], [aria-labelledby^="parallel"], .legend[role="img"], desc, title, .rest, .machine, [aria-label="Machine"]'
    const column = (cell: Element): string => {
      const row = cell.closest('tr')
      const head = row?.closest('table, [role="grid"]')?.querySelectorAll('thead th, [role="columnheader"]')
      return row === null || head === undefined ? '' : (head[[...row.children].indexOf(cell.closest('td, th') ?? cell)]?.textContent ?? '')
    }
    return [...document.querySelectorAll('body *')].flatMap((element) => {
      const own = [...element.childNodes]
        // Where there is little room, an interval has a line of its own.
        .filter((node) => node.nodeType === 3 || /^\[/.test(node.textContent ?? ''))
        .map((node) => node.textContent)
        .join(' ')
        .replaceAll(/ {2,}/g, ' ')
      if (!/\d\s?%/.test(own) || element.closest(elsewhere) !== null) return []
      const beside = element.parentElement?.textContent ?? ''
      if (
        /^(Disagree|Load|Processor|GPU)/.test(column(element).trim()) ||
        /^\s*(Disagree|training images of the step|Processor|CPU|GPU)/.test(beside)
      )
        return []
      const places = ['li, tr, .stat, .result, .figures', 'table, [role="grid"]', 'section, .panel, .grid > *, form']
      return [{ text: own, around: places.flatMap((place) => element.closest(place)?.textContent ?? []) }]
    })
  })

/** Holds each of what a view tells to its interval, images and their number. @param view for the message */
export function expectSure(told: readonly Told[], view: string): void {
  expect(
    told.flatMap(({ text }) => bareShares(text)),
    `${view}: without an interval`,
  ).toEqual([])
  const unplaced = told.filter(({ text, around }) => / \[/.test(text) && !saysImages(text) && !around.some(saysImages))
  expect(
    unplaced.map(({ text }) => text),
    `${view}: without images`,
  ).toEqual([])
}
