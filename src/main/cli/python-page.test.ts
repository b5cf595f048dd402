/** docs/python.md, word for word: its commands by the real engine, its blocks of Python by NumPy, ONNX Runtime and, where they are there, PyTorch and Keras. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import { installPackages } from '../../../bench/workers/python-packages.ts'

const page = readFileSync(fileURLToPath(new URL('../../../docs/python.md', import.meta.url)), 'utf8')
const blocks = (language: string): string[] =>
  [...page.matchAll(/^```(\w+)\n([^]*?)^```$/gm)].flatMap(([, own, code]) => (own === language ? [code] : []))

const requirements = fileURLToPath(new URL('../lab/formats/check/requirements.txt', import.meta.url))
const readers = await installPackages('readers', requirements, (line) => process.stderr.write(`${line}\n`)).catch((error: unknown) => {
  process.stderr.write(`docs/python.md is not run: ${String(error)}\n`)
  return null
})
const python = (code: string): string =>
  execFileSync(readers!.python, ['-s', '-c', code], { cwd: folder, encoding: 'utf8', env: { ...process.env, ...readers!.environment } })

const folder = mkdtempSync(join(tmpdir(), 'weightscape-python-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Four classes of bright bars in noise, that a run of few steps half learns. */
const data = `
import numpy as np
rng = np.random.default_rng(3)
def made(n):
    y = np.arange(n) % 4
    x = rng.integers(0, 100, (n, 28, 28))
    for i in range(n): x[i, 7 * y[i] : 7 * y[i] + 7] += 150
    return x.astype(np.uint8), y
(a, b), (c, d) = made(600), made(200)
np.savez("data.npz", x_train=a, y_train=b, x_test=c, y_test=d)`

describe.skipIf(readers === null)('docs/python.md', () => {
  it('runs, and finds the accuracies of the lab', { timeout: 300_000 }, () => {
    python(data)
    const main = fileURLToPath(new URL('main.ts', import.meta.url))
    const answers = blocks('sh')
      .join('')
      .trim()
      .split('\n')
      .map((line) => {
        const words = line.replace('npm run lab -- ', '').split(' ')
        const said = execFileSync(process.execPath, [main, ...words, '--data-dir', join(folder, 'lab'), '--json'], {
          cwd: folder,
          encoding: 'utf8',
        })
        return JSON.parse(said.trim().split('\n').at(-1)!) as { accuracies?: number[] }
      })
    const { accuracies } = answers.find((answer) => answer.accuracies !== undefined)!
    const missing = ['torch', 'keras'].filter(
      (name) => python(`import importlib.util; print(importlib.util.find_spec("${name}") is None)`).trim() === 'True',
    )
    for (const name of missing) process.stdout.write(`docs/python.md: a block is SKIPPED, for want of ${name}\n`)
    const said = python(
      blocks('python')
        .filter((code) => !missing.some((name) => code.includes(`import ${name}\n`)))
        .join('\n'),
    )
    expect(said).toMatch(new RegExp(`^network 0 is right on ${accuracies![0].toFixed(4)} of 200 images of 4 classes$`, 'm'))
    // The engine's own vote of the same five networks.
    const vote = execFileSync(
      process.execPath,
      [
        main,
        'ensemble',
        'latest',
        '-n',
        '5',
        '--sizes',
        '5',
        '--split',
        'test',
        '--images',
        'all',
        '--data-dir',
        join(folder, 'lab'),
        '--json',
      ],
      { encoding: 'utf8' },
    )
    expect(said).toMatch(/^the ensemble: \d\.\d{4} by mean probability, \d\.\d{4} by majority$/m)
    const [, mixture, majority] = /ensemble: ([\d.]+) by mean probability, ([\d.]+) by/.exec(said)!
    const { sizes } = JSON.parse(vote.trim().split('\n').at(-1)!) as { sizes: { meanProbability: number; majority: number }[] }
    expect([Number(mixture), Number(majority)]).toEqual([sizes[0].meanProbability, sizes[0].majority])
    expect(said).toMatch(/'layers\.0\.kernel': \(20, 5, 5, 1, 32\)/)
    expect(Number(/same weights, to (.*)/.exec(said)![1])).toBeLessThan(1e-4)
    const same = [...said.matchAll(/same as ONNX Runtime, to (.*)/g)].map(([, difference]) => Number(difference))
    expect(same).toHaveLength(2 - missing.length)
    for (const difference of same) expect(difference).toBeLessThan(1e-5)
  })
})
