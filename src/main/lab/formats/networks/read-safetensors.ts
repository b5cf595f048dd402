/** Arrays of a safetensors file of anyone's. */
import { badInput } from '../../../data/bad-input.ts'
import { rawTensors } from '../../../store/files/safetensors.ts'
import { requireRoom, toFloat32, type FileContents } from './file-arrays.ts'

/** Of writers, safetensors' own sort by type and name: what order the network has is not known. @throws LabError `bad-input` */
export function readSafetensors(file: string, bytes: Uint8Array): FileContents {
  const { metadata, tensors } = rawTensors(bytes, (found) =>
    badInput(file, `it is damaged or no safetensors file: ${found}.`, 'Save it again, with save_file of safetensors.'),
  )
  const contents: FileContents = { arrays: [], texts: new Map(Object.entries(metadata)), converted: new Set(), isSorted: true }
  requireRoom(file, bytes.length / 4)
  for (const { name, dtype, shape, raw } of tensors) {
    const values = toFloat32(dtype, raw, contents)
    if (values !== null) contents.arrays.push({ name, shape, values })
    else if (!passedOver.test(name)) throw notFloat(file, name, dtype)
  }
  return contents
}

/** What is no weight: receipts of a file of this lab's, counters of PyTorch. */
export const passedOver = /^index$|(^|\.)num_batches_tracked$/

export const notFloat = (file: string, name: string, type: string) =>
  badInput(file, `the array ${name} is ${type}, and weights are floating-point numbers.`, 'Save weights as float32, without quantisation.')
