/** Several commands at once on one data folder: one owns it, readers read, the others are told who does, and what was acknowledged is there. */
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'

/** Commands that write at once; WEIGHTSCAPE_CROWD asks for more. */
const writers = Number(process.env['WEIGHTSCAPE_CROWD'] ?? 4)
const folder = mkdtempSync(join(tmpdir(), 'crowd-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Runs a command. @returns its status, and its last line as JSON */
const lab = (...words: string[]): Promise<{ status: number; last: Record<string, unknown> }> =>
  new Promise((resolve) => {
    const whole = [join(import.meta.dirname, 'main.ts'), ...words, '--data-dir', join(folder, 'lab'), '--json']
    const child = execFile(process.execPath, whole, (_, stdout) => {
      const last = JSON.parse(stdout.trimEnd().split('\n').at(-1)!) as Record<string, unknown>
      resolve({ status: child.exitCode ?? -1, last })
    })
  })

it('one at a time writes; the others say who does, and nothing acknowledged is lost', { timeout: 120_000 + writers * 30_000 }, async () => {
  const names = Array.from({ length: writers }, (_, i) => `set-${i}`)
  for (const [i, name] of names.entries()) {
    const rows = Array.from({ length: 30 }, (_, row) => [row % 3, ...Array.from({ length: 16 }, (_, k) => (row * 7 + k * 3 + i) % 256)])
    const header = ['label', ...Array.from({ length: 16 }, (_, k) => `p${k}`)]
    writeFileSync(join(folder, `${name}.csv`), [header, ...rows].map((row) => row.join(',')).join('\n'))
  }
  await lab('data', 'list')
  const [read, ...added] = await Promise.all([
    lab('runs'),
    ...names.map((name) => lab('data', 'add', join(folder, `${name}.csv`), '--name', name)),
  ])
  expect(read.status).toBe(0)
  const kept = names.filter((_, i) => added[i].status === 0)
  for (const { status, last } of added) {
    if (status === 0) expect(last).toMatchObject({ event: 'result', count: 30 })
    else
      expect(last).toMatchObject({
        event: 'error',
        code: 'conflict',
        message: expect.stringMatching(/is in use by process \d+ .*data add/) as string,
      })
  }
  expect(kept.length).toBeGreaterThan(0)
  for (const name of names) {
    const { status } = await lab('data', 'show', name)
    expect(status === 0, name).toBe(kept.includes(name))
  }
  process.stdout.write(`${writers} commands that write at once: ${kept.length} done, the others told who writes; nothing lost\n`)
})
