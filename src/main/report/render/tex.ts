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
  λ: '\\ensuremath{\\lambda}',
  '·': '\\ensuremath{\\cdot}',
  '×': '\\ensuremath{\\times}',
  '≤': '\\ensuremath{\\leq}',
  '≥': '\\ensuremath{\\geq}',
  '₁': '\\ensuremath{_1}',
}

/** Letters of most European languages set as they are; anything further needs XeLaTeX or LuaLaTeX and a font that has it. */
export const escapeTex = (text: string): string =>
  text.replace(/[\\{}$&#%_^~<>|"`'\u00a0−–’λ·×≤≥₁]/g, (mark) => marks[mark]).replace(/\s+/g, (space) => (space === '~' ? '~' : ' '))

/** Running text. A link is its text: a paper has its own way to cite. */
export const texOf = (parts: readonly Inline[]): string => parts.map(inline).join('')

function inline(part: Inline): string {
  if (typeof part === 'string') return escapeTex(part)
  if ('italic' in part) return `\\textit{${escapeTex(part.italic)}}`
  if ('strong' in part) return `\\textbf{${escapeTex(part.strong)}}`
  if ('code' in part) return `\\texttt{${escapeTex(part.code)}}`
  return escapeTex(part.text)
}
