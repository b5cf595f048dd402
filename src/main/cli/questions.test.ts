import { existsSync } from 'node:fs'
import { expect, test } from 'vitest'
import { doubtCodes, type DoubtCode } from '../../shared/import-options.ts'
import { doubtCases } from '../data/testing/doubt-cases.ts'
import { previewFolder } from '../data/testing/imports.ts'
import { describeDoubts } from './import-words.ts'

const docs = `${import.meta.dirname}/../../../docs`
const opening = `# Questions at an import

What may be read in more than one way is asked before anything is kept. Each question is here as the terminal words it, with its answers as
they are typed there, and as the window shows it: beside an answer that makes other images or classes, some of these.
`

test('the page of questions is what the terminal prints, for each doubt', async () => {
  const parts: string[] = []
  for (const code of Object.keys(doubtCases) as DoubtCode[]) {
    const { doubts } = await previewFolder(await doubtCases[code](), {}, { answersTime: 60_000 })
    const asked = doubts.filter((doubt) => doubt.code === code)
    expect(asked.length, `${code}, of ${doubts.map((doubt) => doubt.code).join()}`).toBe(1)
    expect(existsSync(`${docs}/pictures/questions/${code}.png`), `no picture of ${code}`).toBe(true)
    const picture = `![${code}, as the window asks it](pictures/questions/${code}.png)`
    parts.push(`\n## ${code}\n\nAsked where ${doubtCodes[code]}.\n\n\`\`\`\n${describeDoubts(asked)}\n\`\`\`\n\n${picture}\n`)
  }
  // After a change: this test with -u, and PICTURES=CODE npx playwright test --config e2e/playwright.config.ts questions
  await expect(opening + parts.join('')).toMatchFileSnapshot(`${docs}/questions.md`)
}, 120_000)
