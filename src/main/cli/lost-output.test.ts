/** What is printed may find a full disk, or nobody: the work does not suffer from it. */
import { spawn } from 'node:child_process'
import { closeSync, existsSync, mkdtempSync, openSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { labProcess } from './testing/lab-process.ts'

const folder = mkdtempSync(join(tmpdir(), 'weightscape-output-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const lab = labProcess(folder)

const small = ['method.noiseBatch=4', 'training.imageBatch=4', 'training.cooldown=0', 'evaluation.every=0']
const train = (steps: number) => [
  'train',
  '--steps',
  String(steps),
  '--json',
  '--data-dir',
  folder,
  ...small.flatMap((set) => ['--set', set]),
]

/** Runs it with its output going somewhere, or to nobody after the first words. @returns exit code, and what it said beside */
async function run(words: string[], output: number | 'pipe'): Promise<{ code: number | null; said: string }> {
  const child = spawn(process.execPath, [new URL('main.ts', import.meta.url).pathname, ...words], { stdio: ['ignore', output, 'pipe'] })
  let said = ''
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (said += text))
  child.stdout?.once('data', () => child.stdout?.destroy())
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve))
  return { code, said }
}

it.runIf(existsSync('/dev/full'))(
  'trains to the end where a full disk takes no word of it, says so once, and does not pass for done',
  async () => {
    const full = openSync('/dev/full', 'w')
    const { code, said } = await run(train(4), full)
    closeSync(full)
    expect(code).toBe(1)
    expect(said.match(/cannot be written/g)).toHaveLength(1)
    expect(await lab('show', 'latest')).toMatchObject({ state: 'finished', step: 4 })
  },
)

it.runIf(existsSync('/dev/full'))('of a command that only shows something, too', async () => {
  const full = openSync('/dev/full', 'w')
  const { code, said } = await run(['runs', '--json', '--data-dir', folder], full)
  closeSync(full)
  expect([code, said]).toEqual([1, expect.stringContaining('cannot be written')])
})

it('pauses with a checkpoint where nobody reads any more', async () => {
  const { code, said } = await run(train(5000), 'pipe')
  expect(code).toBe(130)
  expect(said).toMatch(/Nobody reads/)
  const shown = await lab('show', 'latest')
  expect(shown).toMatchObject({ state: 'paused' })
  expect((shown['checkpoints'] as { step: number }[])[0].step).toBe(shown['step'])
})
