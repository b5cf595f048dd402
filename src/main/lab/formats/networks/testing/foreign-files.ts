/** Networks as other programs keep them, from this lab's flat weights. */
import type { TargetLayout } from '../../../../../shared/target-layout.ts'

export interface Tensor {
  name: string
  shape: readonly number[]
  values: Float32Array
}

/** Numbers of an array under other axes: `axes[i]` is the axis that becomes the i-th. */
function permuted({ name, shape, values }: Tensor, axes: readonly number[]): Tensor {
  const turned = axes.map((axis) => shape[axis])
  const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((a, b) => a * b, 1))
  const result = Float32Array.from(values, (_, at) => {
    let rest = at
    let from = 0
    for (let i = axes.length - 1; i >= 0; i--) {
      from += (rest % turned[i]) * strides[axes[i]]
      rest = Math.floor(rest / turned[i])
    }
    return values[from]
  })
  return { name, shape: turned, values: result }
}

/** The same array, its numbers in Fortran's order. */
export function inFortran(array: Tensor): Tensor {
  const { values } = permuted(
    array,
    array.shape.map((_, i) => array.shape.length - 1 - i),
  )
  return { ...array, values }
}

/** A state_dict: kernels [out, in, height, width] and [out, in], dense layers that read one channel after the other. @param names of the layers */
export function torchState({ weighted }: TargetLayout, weights: Float32Array, names: readonly string[], prefix = ''): Tensor[] {
  return weighted.flatMap(({ arrays, input }, i) =>
    arrays.map(({ name, shape, offset, size }): Tensor => {
      const own = {
        name: `${prefix}${names[i]}.${name === 'kernel' ? 'weight' : name}`,
        shape,
        values: weights.slice(offset, offset + size),
      }
      if (shape.length === 4) return permuted(own, [3, 2, 0, 1])
      if (shape.length === 1) return own
      const images = permuted({ ...own, shape: [...input, shape[1]] }, [3, 2, 0, 1])
      return { ...images, shape: [shape[1], shape[0]] }
    }),
  )
}

/** As safetensors' own writer: sorted by name. */
export function tensorsFile(arrays: readonly Tensor[], dtype: 'F32' | 'F64' | 'F16' | 'BF16' | 'I8' = 'F32'): Uint8Array {
  const header: Record<string, unknown> = {}
  const parts: Buffer[] = []
  let at = 0
  for (const { name, shape, values } of arrays.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    const bytes = Buffer.from(bytesOf(values, dtype))
    header[name] = { dtype, shape, data_offsets: [at, (at += bytes.length)] }
    parts.push(bytes)
  }
  const text = Buffer.from(JSON.stringify(header))
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(BigInt(text.length))
  return Buffer.concat([length, text, ...parts])
}

function bytesOf(values: Float32Array, dtype: string): ArrayBuffer {
  if (dtype === 'F64') return Float64Array.from(values).buffer
  if (dtype === 'F16') return Float16Array.from(values).buffer
  if (dtype === 'BF16') return Uint16Array.from(new Uint32Array(Float32Array.from(values).buffer), (bits) => bits >>> 16).buffer
  return dtype === 'I8' ? Int8Array.from(values).buffer : Float32Array.from(values).buffer
}
