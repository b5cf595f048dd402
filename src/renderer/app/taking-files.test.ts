import { describe, expect, test } from 'vitest'
import { sortFiles } from './taking-files.ts'

const sorted = (...paths: string[]) => sortFiles(paths, (path) => path)

describe('what becomes of files by their names', () => {
  test('weights of networks are imported as networks, also those that the import only explains', () => {
    expect(sorted('a.safetensors', 'nets/b.ONNX', 'c.pt', 'd.pth', 'e.keras')).toEqual({
      runs: [],
      networks: ['a.safetensors', 'nets/b.ONNX', 'c.pt', 'd.pth', 'e.keras'],
      images: [],
    })
  })

  test('beside images they are part of a data set; runs of another lab are runs either way', () => {
    expect(sorted('digits/0/1.png', 'digits/model.pt', 'one.weightscape')).toEqual({
      runs: ['one.weightscape'],
      networks: [],
      images: ['digits/0/1.png', 'digits/model.pt'],
    })
    expect(sorted('one.weightscape', 'a.safetensors')).toEqual({ runs: ['one.weightscape'], networks: ['a.safetensors'], images: [] })
  })

  test('arrays that may be images are images', () => {
    expect(sorted('mnist.npz').images).toEqual(['mnist.npz'])
    expect(sorted()).toEqual({ runs: [], networks: [], images: [] })
  })
})
