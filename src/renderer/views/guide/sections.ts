/** The guide by sections: the project's own pages, as they were when the window was built. */
import glossary from '../../../../docs/glossary.md?raw'
import guide from '../../../../docs/guide.md?raw'
import questions from '../../../../docs/questions.md?raw'
import reference from '../../../../docs/reference.md?raw'
import remote from '../../../../docs/remote.md?raw'
import { parseMarkdown, plainText } from './markdown.ts'
import type { Block } from './markdown.ts'

export interface GuideSection {
  /** In the address: `the-manifold`, of other pages than the guide with their name in front. */
  id: string
  page: string
  title: string
  blocks: readonly Block[]
  /** In small letters, for the search. */
  words: string
}

const pages = { guide, questions, glossary, remote, reference }

/** A section of the guide begins at each heading of the second level; what stands before belongs to the page itself. */
export const sections: readonly GuideSection[] = Object.entries(pages).flatMap(([page, text]) => {
  const [first, ...blocks] = parseMarkdown(text)
  const pageTitle = first.kind === 'heading' ? plainText(first.text) : page
  const parts: { title: string; blocks: Block[] }[] = [{ title: pageTitle, blocks: [] }]
  for (const block of blocks) {
    if (block.kind === 'heading' && block.level === 2) parts.push({ title: plainText(block.text), blocks: [] })
    else parts.at(-1)?.blocks.push(block)
  }
  return parts.map((part, place) => {
    const own = part.title.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')
    const id = place === 0 ? page : page === 'guide' ? own : `${page}-${own}`
    const words = [part.title, ...part.blocks.flatMap(textsOf)].join(' ').toLowerCase()
    return { ...part, id, page: pageTitle, words }
  })
})

function textsOf(block: Block): string[] {
  if (block.kind === 'code') return [block.text]
  if (block.kind === 'list') return block.items.map(plainText)
  if (block.kind === 'table') return [block.head, ...block.rows].flat().map(plainText)
  return [plainText(block.text)]
}

/** Sections that hold each typed word. */
export function search(typed: string): readonly GuideSection[] {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean)
  return sections.filter((section) => words.every((word) => section.words.includes(word)))
}

/** Where a link of a page leads within the guide; null: out of it, where the window does not go. */
export function addressOf(to: string): string | null {
  const [file, anchor] = to.split('#')
  if (file.endsWith('README.md')) return guideAddress('reference-commands')
  const page = /^(?:\.\/)?(\w+)\.md$/.exec(file)?.[1]
  if (page === undefined || !Object.hasOwn(pages, page)) return null
  const id = anchor === undefined ? page : page === 'guide' ? anchor : `${page}-${anchor}`
  return guideAddress(sections.some((section) => section.id === id) ? id : page)
}

export const guideAddress = (section: string): string => `#/guide?section=${section}`
