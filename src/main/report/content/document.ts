/**
 * What a report says, apart from how it looks: sections of blocks. The story is written once
 * (compose.ts); HTML, PDF and Markdown each render these few kinds.
 */

/** A piece of running text. All of it is data: renderers escape it. */
export type Inline = string | { italic: string } | { strong: string } | { code: string } | { link: string; text: string }

export type Cell = string | number | null

/** Numbers behind a figure or a table, as they go into a CSV file. */
export interface DataTable {
  columns: string[]
  rows: Cell[][]
}

/** How numbers are drawn elsewhere (pgfplots): one panel. Labels are plain text. */
export interface PlotHint {
  x: { label: string; log?: boolean; min?: number; max?: number }
  y: { label: string; log?: boolean; min?: number; max?: number }
  /** Stands right of it, where the next place is empty. */
  name?: string
  /** Default: the figure's own. */
  data?: DataTable
  /** By the names of columns; none: an empty place. */
  series: PlotSeries[]
}

export type PlotSeries =
  /** With `low` and `high`: a band around it. */
  | { kind: 'line'; x: string; y: string; low?: string; high?: string; name?: string }
  /** With `low` and `high`: whiskers. */
  | { kind: 'points'; x: string; y: string; colour?: string; low?: string; high?: string; name?: string }
  | { kind: 'histogram'; y: string; bins: number }
  /** Squares of a raster, a row of squares after the other, coloured from blue over white to red. */
  | { kind: 'raster'; x: string; y: string; colour: string; columns: number }

export interface Figure {
  /** Letters and hyphens; names the files. */
  id: string
  /** What is seen, in a few words. */
  title: string
  /** How to read it, with the numbers. */
  caption: Inline[]
  /** For those who cannot see it: the same in plain words. */
  description: string
  /** A whole <svg> element in the light theme's colours. */
  svg: string
  data: DataTable
  plots: PlotHint[]
  /** How many of them stand side by side; left out: two. */
  plotsAcross?: number
  /** What the plots show otherwise than the drawing, in a few words. */
  plotsNote?: string
  /** Where it is made of pictures: a PNG file each. */
  pictures?: { name: string; bytes: Uint8Array }[]
  /** How many of those stand side by side, and the names of such rows; left out: one below the other, each beside its name. */
  pictureRows?: { across: number; names: readonly string[] | undefined }
}

export interface Table {
  id: string
  title: string
  caption: Inline[]
  columns: { header: Inline[]; align: 'left' | 'right' }[]
  /** The first cell of a row is its header. */
  rows: Inline[][][]
}

export type Block =
  | { kind: 'paragraph'; text: Inline[] }
  | { kind: 'numbers'; items: { label: string; value: string; note: string }[] }
  | { kind: 'figure'; figure: Figure }
  | { kind: 'table'; table: Table }
  | { kind: 'list'; items: Inline[][] }
  | { kind: 'code'; label: string; text: string }

export interface Section {
  id: string
  title: string
  blocks: Block[]
}

export interface ReportDocument {
  title: string
  subtitle: Inline[]
  /** For the heads of pages. */
  short: string
  /** Milliseconds since the epoch. */
  made: number
  sections: Section[]
}

/** The figures of a document in order; a figure's number is its place here, from 1. */
export const figuresOf = (document: ReportDocument): Figure[] =>
  document.sections.flatMap((section) => section.blocks.flatMap((block) => (block.kind === 'figure' ? [block.figure] : [])))

/** The tables of a document in order. */
export const tablesOf = (document: ReportDocument): Table[] =>
  document.sections.flatMap((section) => section.blocks.flatMap((block) => (block.kind === 'table' ? [block.table] : [])))

/** Running text without its marks. */
export const plain = (text: Inline[]): string =>
  text
    .map((part) => {
      if (typeof part === 'string') return part
      if ('italic' in part) return part.italic
      if ('strong' in part) return part.strong
      return 'code' in part ? part.code : part.text
    })
    .join('')

/** Those that could be drawn, as blocks. */
export const figures = (...made: (Figure | null)[]): Block[] =>
  made.flatMap((figure): Block[] => (figure === null ? [] : [{ kind: 'figure', figure }]))
