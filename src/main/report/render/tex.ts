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
  Array.from(text.replace(/[^\S\u00a0]+/g, ' '), (character) => marks[character] ?? character).join('')

/** Running text. A link is its text: a paper has its own way to cite. */
export const texOf = (parts: readonly Inline[]): string => parts.map(inline).join('')

function inline(part: Inline): string {
  if (typeof part === 'string') return escapeTex(part)
  if ('italic' in part) return `\\textit{${escapeTex(part.italic)}}`
  if ('strong' in part) return `\\textbf{${escapeTex(part.strong)}}`
  if ('code' in part) return `\\texttt{${escapeTex(part.code)}}`
  return escapeTex(part.text)
}
