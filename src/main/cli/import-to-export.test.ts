/** From files of every kind to exported networks: whole command lines as processes, with the real engine. */
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { unzipSync } from 'fflate'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { zipOf } from '../data/testing/archives.ts'
import { place } from '../data/testing/imports.ts'
import { npyFile } from '../data/testing/npy.ts'
import { classFolders, drawn } from '../data/testing/pictures.ts'
import { idxFile } from '../data/testing/samples.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'import-to-export-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

/** Runs a command with --json. @returns its last line */
async function lab(...words: string[]): Promise<Record<string, unknown>> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'main.ts'), ...words, '--json'], {
    env: { ...process.env, WEIGHTSCAPE_DATA: join(folder, 'data') },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let out = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text))
  const code = await new Promise((resolve) => child.once('close', resolve))
  const last = JSON.parse(out.trimEnd().split('\n').at(-1)!) as Record<string, unknown>
  expect({ code, event: last.event }).toEqual({ code: 0, event: 'result' })
  return last
}

/** Settings that make a preset small enough to wait for; its target network stays as the data made it. */
const small = ['latent=8', 'extractor=[16]', 'code=6', 'generators=[[12],[16],[16],[8]]']
  .map((setting) => `method.${setting}`)
  .concat('method.noiseBatch=4', 'training.imageBatch=16', 'training.cooldown=0', 'evaluation.every=0')
  .flatMap((setting) => ['--set', setting])

const count = 72
const labels = Uint8Array.from({ length: count }, (_, i) => i % 3)
const pixels = (): Uint8Array => Buffer.concat(Array.from(labels, (label, i) => drawn(label, i)))

const makers: Record<string, () => Promise<string[]>> = {
  'class folders of PNG in colour': async () => {
    await place(join(folder, 'folders'), await classFolders(24, { colour: true }))
    return [join(folder, 'folders')]
  },
  'a zip of them': async () =>
    place(folder, [{ name: 'packed.zip', bytes: await zipOf(await classFolders(24, { kind: 'jpeg', prefix: 'all/' })) }]),
  'a CSV': () => {
    const rows = Array.from(labels, (label, i) => [label, ...drawn(label, i)].join(','))
    return place(folder, [{ name: 'table.csv', bytes: Buffer.from(rows.join('\n')) }])
  },
  'IDX files': () =>
    place(folder, [
      { name: 'shapes-images-idx3-ubyte', bytes: idxFile(0x08, [count, 12, 12], pixels()) },
      { name: 'shapes-labels-idx1-ubyte', bytes: idxFile(0x08, [count], labels) },
    ]),
  'an NPZ': async () => {
    const arrays = [
      { name: 'images.npy', bytes: npyFile({ shape: [count, 12, 12] }, pixels()) },
      { name: 'labels.npy', bytes: npyFile({ shape: [count] }, labels) },
    ]
    return place(folder, [{ name: 'arrays.npz', bytes: await zipOf(arrays) }])
  },
}

describe('with the real engine', { timeout: 240_000 }, () => {
  it.each(Object.keys(makers))('%s: imported, trained on and exported', async (what) => {
    const { hash, count: kept, channels } = await lab('data', 'add', ...(await makers[what]()))
    expect(kept).toBe(count)
    const { run } = await lab('train', '--data', String(hash), '--preset', 'mnist-quick', ...small, '--steps', '4')
    const out = join(folder, `${createHash('md5').update(what).digest('hex')}.npz`)
    await lab('export', String(run), '--network', '0', '--format', 'npz', '--out', out)
    const arrays = unzipSync(await readFile(out))
    // 5 x 5 weights a channel for each of 32 filters, and a last layer that tells three classes apart; headers have 128 bytes.
    expect(arrays['layers.0.kernel.npy'].length).toBe(128 + 25 * Number(channels) * 32 * 4)
    expect(arrays['layers.3.bias.npy'].length).toBe(128 + 3 * 4)
  })

  it('files of networks, and reports, say how the data were read and what was answered', async () => {
    // Of its own: the same images under another name would keep how they were read first.
    const arrays = [
      { name: 'images.npy', bytes: npyFile({ shape: [count, 12, 12] }, pixels().toReversed()) },
      { name: 'labels.npy', bytes: npyFile({ shape: [count] }, labels) },
    ]
    const file = await place(folder, [{ name: 'own.npz', bytes: await zipOf(arrays) }])
    const { hash } = await lab('data', 'add', ...file, '--range', '0,255', '--accept', 'pixel-range')
    const { run } = await lab('train', '--data', String(hash), '--preset', 'mnist-quick', ...small, '--steps', '2')
    const told: [string, string][] = []
    for (const format of ['npz', 'safetensors', 'onnx', 'tfjs']) {
      const out = join(folder, `told-${format}`)
      await lab('export', String(run), '--network', '0', '--format', format, '--out', out)
      const bytes = await readFile(format === 'tfjs' ? join(out, 'model.json') : out)
      // NPZ keeps four bytes a character; JSON within JSON marks its quotes.
      const text = Buffer.from(format === 'npz' ? unzipSync(bytes)['data.npy'].filter((byte) => byte !== 0) : bytes).toString()
      told.push([format, text.replaceAll('\\"', '"')])
    }
    for (const [format, text] of told) {
      for (const part of [
        `"hash":"${String(hash)}"`,
        '"classes":["0","1","2"]',
        '"labels":"the labels labels"',
        '"range":{"from":0,"to":255}',
      ])
        expect(text, format).toContain(part)
      expect(text, format).toContain('"splits":"nothing says them: cut from all images"')
    }
    const { reports } = await lab('report', String(run), '--format', 'md', '--out', join(folder, 'told-report'))
    const page = await readFile((reports as string[])[0], 'utf8')
    for (const row of ['Labels from', 'Splits from', 'Pixels from', 'Chosen at import', 'Accepted as read'])
      expect(page).toMatch(new RegExp(`${row} *\\|`))
  })

  it('networks learn what was drawn', async () => {
    await place(join(folder, 'many'), await classFolders(60, { colour: true }))
    const { hash } = await lab('data', 'add', join(folder, 'many'), '--split', '120,30,30')
    const learning = ['--set', 'training.learningRate=0.001', '--steps', '300']
    const { run } = await lab('train', '--data', String(hash), '--preset', 'mnist-quick', ...small, ...learning)
    const { mean } = await lab('evaluate', String(run), '-n', '20')
    // By chance it would be a third.
    expect(mean).toBeGreaterThan(0.8)
  })
})
