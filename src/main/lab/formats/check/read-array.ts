/** An array as a reader of files finds it. */
export interface ReadArray {
  shape: number[]
  values: Float32Array
}
