/** What a report can be taken away as. */
import FileCode from '@lucide/svelte/icons/file-code'
import FileText from '@lucide/svelte/icons/file-text'
import FileType from '@lucide/svelte/icons/file-type'
import Images from '@lucide/svelte/icons/images'
import type { Component } from 'svelte'

export const reportFormats: readonly {
  format: 'html' | 'pdf' | 'md' | 'figures'
  title: string
  text: string
  icon: Component<{ size?: number | string }>
}[] = [
  { format: 'pdf', title: 'PDF', text: 'Typeset, with figures of vectors', icon: FileText },
  { format: 'html', title: 'HTML', text: 'One file, no scripts, opens anywhere', icon: FileCode },
  { format: 'md', title: 'Markdown', text: 'Text, with figures and numbers beside it', icon: FileType },
  { format: 'figures', title: 'Figures', text: 'SVG, CSV, pgfplots, and tables as LaTeX', icon: Images },
]
