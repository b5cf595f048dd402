/** What a network can be taken away as. */
import type { NetworkFormat } from './snippets.ts'

export const networkFormats: readonly { value: NetworkFormat; title: string; text: string }[] = [
  { value: 'onnx', title: 'ONNX', text: 'Most runtimes, on any device' },
  { value: 'tfjs', title: 'TensorFlow.js', text: 'In browsers and Node' },
  { value: 'npz', title: 'NPZ', text: 'Arrays for NumPy' },
  { value: 'safetensors', title: 'safetensors', text: 'Arrays for PyTorch, JAX, Rust' },
]
