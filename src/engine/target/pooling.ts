/**
 * Max-pool, bias and ReLU of a convolution's output in JavaScript, forward and back. TensorFlow's
 * own gradient of max-pool finds the winners anew, at 6 ns a number; here they are remembered.
 */

export class Pooling {
  /** [batch, out height, out width, channels]: after pooling, bias and activation. */
  readonly output: Float32Array
  /** [batch, height, width, channels] */
  readonly dInput: Float32Array
  /** [channels] */
  readonly dBias: Float32Array
  /** Where in the input each output comes from. */
  readonly #winners: Int32Array
  readonly #shape: readonly [number, number, number, number]
  readonly #side: number
  readonly #relu: boolean

  /**
   * @param shape of the input: [batch, height, width, channels]
   * @param side of the window, and stride; SAME, so that windows at the edges may be cut short
   */
  constructor(shape: readonly [number, number, number, number], side: number, relu: boolean) {
    const [batch, height, width, channels] = shape
    const size = batch * Math.ceil(height / side) * Math.ceil(width / side) * channels
    this.#shape = shape
    this.#side = side
    this.#relu = relu
    this.output = new Float32Array(size)
    this.#winners = new Int32Array(size)
    this.dInput = new Float32Array(batch * height * width * channels)
    this.dBias = new Float32Array(channels)
  }

  /** Fills {@link output}. Of equal entries of a window one is the winner. */
  forward(input: Float32Array, bias: Float32Array): void {
    if (this.#side === 2 && this.#shape[1] % 2 === 0 && this.#shape[2] % 2 === 0) this.#findPairs(input)
    else this.#find(input)
    const { output } = this
    const winners = this.#winners
    const channels = bias.length
    for (let o = 0; o < output.length;) {
      for (let c = 0; c < channels; c++, o++) output[o] = input[winners[o]] + bias[c]
    }
    // NaN stays NaN, so that a diverged network is seen.
    if (this.#relu) for (let o = 0; o < output.length; o++) output[o] = Math.max(0, output[o])
  }

  /** Fills {@link dInput} and {@link dBias}. */
  backward(dOutput: Float32Array): void {
    const { output, dInput, dBias } = this
    const winners = this.#winners
    const relu = this.#relu
    const channels = dBias.length
    const sums = new Float64Array(channels)
    dInput.fill(0)
    for (let o = 0; o < dOutput.length;) {
      for (let c = 0; c < channels; c++, o++) {
        const d = relu && !(output[o] > 0) ? 0 : dOutput[o]
        dInput[winners[o]] = d
        sums[c] += d
      }
    }
    dBias.set(sums)
  }

  #find(input: Float32Array): void {
    const [batch, height, width, channels] = this.#shape
    const side = this.#side
    const outHeight = Math.ceil(height / side)
    const outWidth = Math.ceil(width / side)
    const padTop = (outHeight * side - height) >> 1
    const padLeft = (outWidth * side - width) >> 1
    const winners = this.#winners
    let o = 0
    for (let b = 0; b < batch; b++) {
      for (let oy = 0; oy < outHeight; oy++) {
        const top = Math.max(0, oy * side - padTop)
        const bottom = Math.min(height, (oy + 1) * side - padTop)
        for (let ox = 0; ox < outWidth; ox++) {
          const left = Math.max(0, ox * side - padLeft)
          const right = Math.min(width, (ox + 1) * side - padLeft)
          for (let c = 0; c < channels; c++, o++) {
            let winner = ((b * height + top) * width + left) * channels + c
            let best = input[winner]
            for (let y = top; y < bottom; y++) {
              let i = ((b * height + y) * width + left) * channels + c
              for (let x = left; x < right; x++, i += channels) {
                const value = input[i]
                if (value > best || Number.isNaN(value)) {
                  best = value
                  winner = i
                }
              }
            }
            winners[o] = winner
          }
        }
      }
    }
  }

  /**
   * Windows of 2 x 2 without branches, which would be guessed wrongly half of the time (2.7 times
   * slower): floats are compared as the integers that order as they do.
   */
  #findPairs(input: Float32Array): void {
    const [batch, height, width, channels] = this.#shape
    const bits = new Int32Array(input.buffer, input.byteOffset, input.length)
    const winners = this.#winners
    const down = width * channels
    let o = 0
    for (let row = 0; row < batch * height; row += 2) {
      for (let x = 0; x < width; x += 2) {
        const corner = row * down + x * channels
        for (let i = corner; i < corner + channels; i++, o++) {
          let a = bits[i]
          let b = bits[i + channels]
          let c = bits[i + down]
          let d = bits[i + down + channels]
          a ^= (a >> 31) & 0x7fffffff
          b ^= (b >> 31) & 0x7fffffff
          c ^= (c >> 31) & 0x7fffffff
          d ^= (d >> 31) & 0x7fffffff
          // All ones where the second is larger: the sign of the difference, put right where it overflowed.
          const ab = ((a - b) ^ ((a ^ b) & ((a - b) ^ a))) >> 31
          const cd = ((c - d) ^ ((c ^ d) & ((c - d) ^ c))) >> 31
          const top = (a & ~ab) | (b & ab)
          const bottom = (c & ~cd) | (d & cd)
          const both = ((top - bottom) ^ ((top ^ bottom) & ((top - bottom) ^ top))) >> 31
          winners[o] = i + (channels & ((ab & ~both) | (cd & both))) + (down & both)
        }
      }
    }
  }
}
