/** Networks as files hold them, before they are brought into the order of a target's weights. */
import type { FileArray } from './file-arrays.ts'
import type { FollowedGraph } from '../onnx-graph/graph.ts'

/** A graph that reads images. */
export interface ImageGraph extends FollowedGraph {
  /** Sizes of its input; undefined: any. */
  shape: readonly (number | undefined)[]
}

/** A layer with weights of a network in a file. */
export interface FileModule {
  /** As the file calls it; for the person, and to choose by. */
  name: string
  kernel: FileArray
  bias?: FileArray
  /** What a graph says of the axes of its kernel; absent: nothing is known. */
  graph?: {
    /** Of a dense layer. */
    dense: 'OI' | 'IO'
    /** In which order it reads the places of an image; null: the graph does not say. */
    flattened: 'CHW' | 'HWC' | null
  }
}

/** One file, read. */
export interface FileNetworks {
  /** Each a list of its layers with weights. */
  networks: FileModule[][]
  /** Whether the layers are in the order in which a network has them; else it must be told by names and shapes. */
  isOrdered: boolean
  /** Whether kernels lie as this lab writes them: their names say so. */
  isOwn: boolean
  converted: Set<string>
  /** What a graph computes, where the file holds one. */
  computes?: ImageGraph
}
