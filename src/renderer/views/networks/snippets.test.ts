import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Layer } from '../../../layers/registry.ts'
import { presets } from '../../../shared/presets.ts'
import { exportSnippets, networkSnippets, samplesSnippets } from './snippets.ts'

const { target } = presets['mnist-quick']

describe('lines that load a network', () => {
  it.each(['tfjs', 'onnx', 'npz', 'safetensors'] as const)('name the file and the shape (%s)', (format) => {
    const snippets = networkSnippets(format, `heron.${format}`, target)
    for (const { code } of snippets) expect(code).toContain(`heron.${format}`)
    const shapes = snippets.map(({ code }) => code).join('\n')
    expect(shapes).toContain(format === 'tfjs' || format === 'onnx' ? '28, 28, 1' : 'layers.0.kernel')
  })

  it('have height before width, and as many latent numbers as there are', () => {
    const { method } = presets['mnist-quick']
    const document = { ...presets['mnist-quick'], target: { ...target, input: { height: 20, width: 30, channels: 3 } } }
    const of = (...[what, format]: [Parameters<typeof exportSnippets>[0], Parameters<typeof exportSnippets>[1]]) =>
      exportSnippets(what, format, 'heron', document)
        .map(({ code }) => code)
        .join('\n')
    expect(of({ ensemble: 5 }, 'onnx')).toContain('np.zeros((1, 20, 30, 3), np.float32)')
    expect(of({ network: 5 }, 'onnx')).toContain('np.zeros((1, 20, 30, 3), np.float32)')
    expect(of({ network: 5 }, 'onnx')).toContain('new Float32Array(20 * 30 * 3)')
    expect(of({ network: 5 }, 'tfjs')).toContain('tf.zeros([1, 20, 30, 3])')
    if (method.kind !== 'hypernetwork') throw new Error('It is one.')
    expect(of('hypernetwork', 'onnx')).toContain(`uniform(-1, 1, (20, ${method.latent}))`)
    expect(of('hypernetwork', 'tfjs')).toContain(`tf.randomUniform([20, ${method.latent}], -1, 1)`)
  })

  it.each(['npz', 'safetensors'] as const)('name only the arrays that there are (%s)', (format) => {
    const [first, ...others] = target.layers
    const [{ code }] = networkSnippets(format, 'heron', { ...target, layers: [{ ...first, bias: false } as Layer, ...others] })
    expect(code.split('\n').at(-1)).toBe('kernel = network["layers.0.kernel"]')
    expect(networkSnippets(format, 'heron', target)[0].code.split('\n').at(-1)).toBe(
      'kernel, bias = network["layers.0.kernel"], network["layers.0.bias"]',
    )
  })

  it('read a safetensors file where only JavaScript is', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'weightscape-snippets-'))
    try {
      const values = Float32Array.of(1.5, -2, 3)
      const header = new TextEncoder().encode(JSON.stringify({ weights: { dtype: 'F32', shape: [1, 3], data_offsets: [0, 12] } }))
      const length = new BigUint64Array([BigInt(header.length)])
      const path = join(folder, 'networks.safetensors')
      await writeFile(path, Buffer.concat([new Uint8Array(length.buffer), header, new Uint8Array(values.buffer)]))
      const [, { code }] = samplesSnippets('safetensors', path, 1, target)
      const module = join(folder, 'load.mjs')
      await writeFile(module, `${code}\nexport { weights, shape }\n`)
      const loaded = (await import(/* @vite-ignore */ module)) as { weights: Float32Array; shape: number[] }
      expect([...loaded.weights]).toEqual([1.5, -2, 3])
      expect(loaded.shape).toEqual([1, 3])
    } finally {
      await rm(folder, { recursive: true })
    }
  })
})
