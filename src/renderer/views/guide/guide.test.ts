import { describe, expect, it } from 'vitest'
import { guideSection } from '../../app/guide-section.ts'
import { address } from '../../app/route.ts'
import { routes } from '../../app/routes.ts'
import { parseInline, parseMarkdown } from './markdown.ts'
import { addressOf, search, sections } from './sections.ts'

describe('pages as data', () => {
  it('knows what the pages are written with', () => {
    const page =
      '# A\n\none **two** `three`\n*four* [five](remote.md)\n\n- six\n  seven\n- eight\n\n| a | b |\n|---|---|\n| `x \\| y` | 2 |\n\n```\ncode | **as it is**\n```\n\n![picture](p.png)\n'
    expect(parseMarkdown(page)).toEqual([
      { kind: 'heading', level: 1, text: [{ kind: 'text', text: 'A' }] },
      {
        kind: 'paragraph',
        text: [
          { kind: 'text', text: 'one ' },
          { kind: 'strong', text: 'two' },
          { kind: 'text', text: ' ' },
          { kind: 'code', text: 'three' },
          { kind: 'text', text: ' ' },
          { kind: 'emphasis', text: 'four' },
          { kind: 'text', text: ' ' },
          { kind: 'link', text: 'five', to: 'remote.md' },
        ],
      },
      { kind: 'list', ordered: false, items: [[{ kind: 'text', text: 'six seven' }], [{ kind: 'text', text: 'eight' }]] },
      {
        kind: 'table',
        head: [[{ kind: 'text', text: 'a' }], [{ kind: 'text', text: 'b' }]],
        rows: [[[{ kind: 'code', text: 'x | y' }], [{ kind: 'text', text: '2' }]]],
      },
      { kind: 'code', text: 'code | **as it is**' },
    ])
  })

  it('leaves a star alone that stands for a product', () => {
    expect(parseInline('lambda * cross-entropy * 2')).toEqual([{ kind: 'text', text: 'lambda * cross-entropy * 2' }])
  })

  it('leaves no sign of Markdown in what is read', () => {
    const texts = sections.flatMap(({ blocks }) => blocks.flatMap((block) => ('text' in block && block.kind !== 'code' ? block.text : [])))
    for (const { kind, text } of texts) if (kind === 'text') expect(text).not.toMatch(/\*\*|`|\]\(|^#/)
  })
})

describe('the guide', () => {
  it('has the section that each view leads to', () => {
    const known = new Set(sections.map(({ id }) => id))
    expect(known.size).toBe(sections.length)
    for (const route of routes) {
      for (const kind of ['map', 'ensemble', 'distillation', 'calibration']) {
        const section = guideSection(address(route.pattern, { run: 'heron', hash: 'ab', kind }))
        expect(known, route.name).toContain(section)
        if (route.name !== 'guide') expect(section, route.name).not.toBe('guide')
      }
    }
    expect(guideSection('/nowhere')).toBe('guide')
  })

  it('finds sections by words anywhere in them', () => {
    expect(search('LASSO').map(({ id }) => id)).toContain('the-manifold')
    expect(search('log out TMUX').map(({ id }) => id)).toEqual(['remote-what-to-know'])
    expect(search('no such word at all zzz')).toEqual([])
    expect(search('')).toEqual(sections)
  })

  it('follows links from page to page, and none out of it', () => {
    expect(addressOf('remote.md')).toBe('#/guide?section=remote')
    expect(addressOf('../README.md#the-command-line')).toBe('#/guide?section=reference-commands')
    expect(addressOf('guide.md#the-manifold')).toBe('#/guide?section=the-manifold')
    expect(addressOf('https://example.org/x.md')).toBeNull()
    expect(addressOf('paper.md')).toBeNull()
  })
})
