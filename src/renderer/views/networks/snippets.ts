/** How a file is loaded elsewhere, in a few lines that can be pasted. */
import { methodOf } from '../../../methods/registry.ts'
import { isEnsemble, type ExportSubject } from '../../../shared/export-subject.ts'
import type { Experiment, Target } from '../../../shared/experiment.ts'
import { layOut } from '../../../shared/target-layout.ts'

export type NetworkFormat = 'tfjs' | 'onnx' | 'npz' | 'safetensors'

export interface Snippet {
  language: 'Python' | 'JavaScript'
  code: string
}

const python = (code: string): Snippet => ({ language: 'Python', code })
const javaScript = (code: string): Snippet => ({ language: 'JavaScript', code })

/** @param file its name @returns how what was exported is loaded */
export function exportSnippets(what: ExportSubject, format: NetworkFormat, file: string, { target, method }: Experiment): Snippet[] {
  const { height, width, channels } = target.input
  if (what === 'hypernetwork') {
    const latent = methodOf(method).latent(method)
    if (format === 'tfjs')
      return [
        javaScript(`// ${file}, unpacked and served beside the page
import * as tf from '@tensorflow/tfjs'

const model = await tf.loadGraphModel('model.json')
const z = tf.randomUniform([20, ${latent}], -1, 1)
const names = model.outputs.map(({ name }) => name)
const networks = model.execute({ z }, names) // in the order of names, layers.0.kernel: [20, ...]`),
      ]
    if (format !== 'onnx')
      return [
        python(
          format === 'npz'
            ? `import numpy as np\n\narrays = np.load("${file}")  # docs/python.md samples networks from them with NumPy alone\nprint({name: arrays[name].shape for name in arrays})`
            : `from safetensors.numpy import load_file\n\narrays = load_file("${file}")  # docs/python.md samples networks from them with NumPy alone\nprint({name: array.shape for name, array in arrays.items()})`,
        ),
      ]
    return [
      python(`import numpy as np
import onnxruntime as ort

generator = ort.InferenceSession("${file}")
z = np.random.default_rng(1).uniform(-1, 1, (20, ${latent})).astype(np.float32)
names = [output.name for output in generator.get_outputs()]
networks = dict(zip(names, generator.run(None, {"z": z})))  # layers.0.kernel: [20, ...]`),
    ]
  }
  if (isEnsemble(what))
    return [
      python(`import numpy as np
import onnxruntime as ort

ensemble = ort.InferenceSession("${file}")
images = np.zeros((1, ${height}, ${width}, ${channels}), np.float32)  # values from 0 to 1
probabilities, votes = ensemble.run(["probabilities", "votes"], {"images": images})`),
    ]
  return networkSnippets(format, file, target)
}

/** @param file its name @returns of one network, in the languages that the format is at home in */
export function networkSnippets(format: NetworkFormat, file: string, target: Target): Snippet[] {
  const { height, width, channels } = target.input
  const shape = [height, width, channels]
  const { weighted } = layOut(target)
  const arrays = weighted.map(({ index, arrays: own }) => {
    const named = own.map(({ name, shape: sizes }) => `layers.${index}.${name} [${sizes.join(', ')}]`)
    return `#   ${named.join(', ')}`
  })
  const names = weighted[0].arrays.map(({ name }) => name)
  const first = `${names.join(', ')} = ${names.map((name) => `network["layers.0.${name}"]`).join(', ')}`
  switch (format) {
    case 'tfjs':
      return [
        javaScript(`// ${file}, unpacked and served beside the page
import * as tf from '@tensorflow/tfjs'

const model = await tf.loadLayersModel('model.json')
const images = tf.zeros([1, ${shape.join(', ')}]) // values from 0 to 1
const probabilities = await model.predict(images).data()`),
      ]
    case 'onnx':
      return [
        python(`import numpy as np
import onnxruntime as ort

session = ort.InferenceSession("${file}")
images = np.zeros((1, ${shape.join(', ')}), np.float32)  # values from 0 to 1
(probabilities,) = session.run(None, {"images": images})`),
        javaScript(`import * as ort from 'onnxruntime-node'

const session = await ort.InferenceSession.create('${file}')
const pixels = new Float32Array(${shape.join(' * ')}) // values from 0 to 1
const { probabilities } = await session.run({ images: new ort.Tensor('float32', pixels, [1, ${shape.join(', ')}]) })`),
      ]
    case 'npz':
      return [
        python(`import numpy as np

network = np.load("${file}")
${arrays.join('\n')}
${first}`),
      ]
    case 'safetensors':
      return [
        python(`from safetensors.numpy import load_file

network = load_file("${file}")
${arrays.join('\n')}
${first}`),
        javaScript(readSafetensors(file, 'layers.0.kernel', 'kernel')),
      ]
  }
}

/** @returns of many networks in one file: a row of weights each, and where each layer's lie in it */
export function samplesSnippets(format: 'npz' | 'safetensors', file: string, count: number, target: Target): Snippet[] {
  const { weightCount } = layOut(target)
  if (format === 'npz') {
    return [
      python(`import json
import numpy as np

networks = np.load("${file}")
weights = networks["weights"]  # [${count}, ${weightCount}]
layout = json.loads(str(networks["layout"]))  # name, shape and offset of each layer's arrays in a row
receipts = networks["index"], str(networks["seed"]), str(networks["checkpoint"])`),
    ]
  }
  return [
    python(`import json
from safetensors import safe_open

with safe_open("${file}", "numpy") as networks:
    weights = networks.get_tensor("weights")  # [${count}, ${weightCount}]
    layout = json.loads(networks.metadata()["layout"])  # name, shape and offset of each layer's arrays in a row`),
    javaScript(readSafetensors(file, 'weights', 'weights')),
  ]
}

function readSafetensors(file: string, name: string, variable: string): string {
  return `import { readFile } from 'node:fs/promises'

const { buffer } = new Uint8Array(await readFile('${file}'))
const length = Number(new DataView(buffer).getBigUint64(0, true))
const header = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 8, length)))
const { shape, data_offsets: [from, to] } = header['${name}']
const ${variable} = new Float32Array(buffer.slice(8 + length + from, 8 + length + to)) // shape: ${name === 'weights' ? '[networks, weights]' : '[height, width, inputs, filters]'}`
}
