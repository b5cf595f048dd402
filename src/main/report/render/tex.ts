/** Text for LaTeX: nothing in it is a command. */
import type { Inline } from '../content/document.ts'

const marks: Record<string, string> = {
  '\\': '\\textbackslash{}',
  '{': '\\{',
  '}': '\\}',
  $: '\\$',
  '&': '\\&',
  '#': '\\#',
  '%': '\\%',
  _: '\\_',
  '^': '\\textasciicircum{}',
  '~': '\\textasciitilde{}',
  '<': '\\textless{}',
  '>': '\\textgreater{}',
  '|': '\\textbar{}',
  '"': '\\textquotedbl{}',
  '`': '\\textasciigrave{}',
  "'": '\\textquotesingle{}',
  '\u00a0': '~',
  '−': '\\ensuremath{-}',
  '–': '--',
  '’': "'",
  '“': '\\textquotedblleft{}',
  '”': '\\textquotedblright{}',
  '…': '\\ldots{}',
  β: '\\ensuremath{\\beta}',
  ε: '\\ensuremath{\\epsilon}',
  η: '\\ensuremath{\\eta}',
  λ: '\\ensuremath{\\lambda}',
  '→': '\\ensuremath{\\to}',
  '±': '\\ensuremath{\\pm}',
  '·': '\\ensuremath{\\cdot}',
  '×': '\\ensuremath{\\times}',
  '≤': '\\ensuremath{\\leq}',
  '≥': '\\ensuremath{\\geq}',
  '₁': '\\ensuremath{_1}',
  '₂': '\\ensuremath{_2}',
}

/** Letters of most European languages set as they are; anything further needs XeLaTeX or LuaLaTeX and a font that has it. */
export const escapeTex = (text: string): string =>
  Array.from(text.replace(/[^\S\u00a0]+/g, ' ').matchAll(/(?<=([-,]))\1|./gu), ([character, joined]) =>
    // Of two hyphens it would make a dash, of two commas a quotation mark.
    joined === undefined ? (marks[character] ?? character) : `{}${character}`,
  ).join('')

/** A row of a table. Behind the end of the row before, a bracket or star at its beginning would be that end's own. */
export const texRow = (cells: readonly string[]): string => `  ${cells.join(' & ').replace(/^(?=[[*])/, '{}')} \\\\`

/** Running text. A link is its text: a paper has its own way to cite. */
export const texOf = (parts: readonly Inline[]): string => parts.map(inline).join('')

function inline(part: Inline): string {
  if (typeof part === 'string') return escapeTex(part)
  if ('italic' in part) return `\\textit{${escapeTex(part.italic)}}`
  if ('strong' in part) return `\\textbf{${escapeTex(part.strong)}}`
  if ('code' in part) return `\\texttt{${escapeTex(part.code)}}`
  return escapeTex(part.text)
}
