/** Drawing without a browser: Observable Plot on linkedom's document. Why these two: docs/decisions/report-figures.md. */
import type { PlotOptions } from '@observablehq/plot'
import { parseHTML } from 'linkedom'
import { drawOn } from './chart.ts'

/** An element of the drawing, as far as it is used here. */
export interface DrawnElement {
  innerHTML: string
  setAttribute(name: string, value: string): void
  append(child: DrawnElement): void
}

interface DrawingDocument {
  createElementNS(namespace: string, name: string): DrawnElement
}

// The types of Plot and linkedom lean on a browser's, which this program does not have.
export const { document: drawingDocument } = parseHTML('<!doctype html><html><body></body></html>') as unknown as {
  document: DrawingDocument
}

/** Draws one set of axes with its marks. */
export const draw = (options: PlotOptions): string => drawOn(drawingDocument, options)

/** An element for a mark that draws itself. */
export function element(name: string, attributes: Record<string, string>): DrawnElement {
  const made = drawingDocument.createElementNS('http://www.w3.org/2000/svg', name)
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value)
  return made
}
