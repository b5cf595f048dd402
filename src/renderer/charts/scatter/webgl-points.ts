/** Points drawn by the graphics processor: moving the picture uploads nothing but the camera. */
import type { Camera, Size } from './camera.ts'
import type { PointCloud, PointRenderer } from './points.ts'

const vertexShader = `#version 300 es
in vec2 place;
in vec4 colour;
uniform vec2 centre;
uniform vec2 scale;
uniform float diameter;
out vec4 ink;
void main() {
  gl_Position = vec4((place - centre) * scale, 0.0, 1.0);
  gl_PointSize = diameter + 1.0;
  ink = colour;
}`

const fragmentShader = `#version 300 es
precision highp float;
in vec4 ink;
uniform float diameter;
out vec4 pixel;
void main() {
  float distance = length(gl_PointCoord - 0.5) * (diameter + 1.0);
  float covered = clamp(0.5 * diameter + 0.5 - distance, 0.0, 1.0);
  float alpha = ink.a * covered;
  pixel = vec4(ink.rgb * alpha, alpha);
}`

/** @returns null where there is no WebGL 2, or none that is faster than drawing plainly @throws Error a driver that does not take the shaders */
export function webglPoints(canvas: HTMLCanvasElement): PointRenderer | null {
  if (!isAccelerated()) return null
  const gl = canvas.getContext('webgl2', { alpha: true, antialias: false, premultipliedAlpha: true })
  return gl === null ? null : new WebglPoints(canvas, gl)
}

let accelerated: boolean | undefined

/**
 * Whether a graphics processor draws: where WebGL is only imitated, a hundred thousand points take five times as long
 * as `splat` does. Asked of a canvas apart, since one that has given out a context gives out no other.
 */
function isAccelerated(): boolean {
  if (accelerated !== undefined) return accelerated
  const gl = document.createElement('canvas').getContext('webgl2', { failIfMajorPerformanceCaveat: true })
  accelerated = gl !== null && !/swiftshader|llvmpipe|softpipe|software|basic render/i.test(rendererOf(gl))
  gl?.getExtension('WEBGL_lose_context')?.loseContext()
  return accelerated
}

function rendererOf(gl: WebGL2RenderingContext): string {
  const names = gl.getExtension('WEBGL_debug_renderer_info')
  return String(gl.getParameter(names === null ? gl.RENDERER : names.UNMASKED_RENDERER_WEBGL))
}

class WebglPoints implements PointRenderer {
  readonly #canvas: HTMLCanvasElement
  readonly #gl: WebGL2RenderingContext
  readonly #programme: WebGLProgram
  readonly #buffers: Record<'places' | 'colours' | 'order', WebGLBuffer>
  readonly #uniforms: Record<'centre' | 'scale' | 'diameter', WebGLUniformLocation | null>
  #count = 0
  #shown: PointCloud | null = null

  constructor(canvas: HTMLCanvasElement, gl: WebGL2RenderingContext) {
    this.#canvas = canvas
    this.#gl = gl
    this.#programme = link(gl)
    this.#buffers = { places: gl.createBuffer(), colours: gl.createBuffer(), order: gl.createBuffer() }
    const uniform = (name: string) => gl.getUniformLocation(this.#programme, name)
    this.#uniforms = { centre: uniform('centre'), scale: uniform('scale'), diameter: uniform('diameter') }
    gl.useProgram(this.#programme)
    gl.enable(gl.BLEND)
    gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA)
    this.#attribute('place', this.#buffers.places, 2, gl.FLOAT, false)
    this.#attribute('colour', this.#buffers.colours, 4, gl.UNSIGNED_BYTE, true)
    gl.bindBuffer(gl.ELEMENT_ARRAY_BUFFER, this.#buffers.order)
  }

  show(cloud: PointCloud): void {
    const gl = this.#gl
    const before = this.#shown
    if (before?.coordinates !== cloud.coordinates) this.#upload(gl.ARRAY_BUFFER, this.#buffers.places, cloud.coordinates)
    if (before?.colours !== cloud.colours) this.#upload(gl.ARRAY_BUFFER, this.#buffers.colours, cloud.colours)
    if (before?.order !== cloud.order) this.#upload(gl.ELEMENT_ARRAY_BUFFER, this.#buffers.order, cloud.order)
    this.#shown = cloud
    this.#count = Math.min(cloud.order.length, cloud.coordinates.length >> 1)
  }

  draw(camera: Camera, { width, height }: Size, radius: number, ratio: number): void {
    const gl = this.#gl
    const [across, down] = [Math.max(Math.round(width * ratio), 1), Math.max(Math.round(height * ratio), 1)]
    if (this.#canvas.width !== across || this.#canvas.height !== down) {
      this.#canvas.width = across
      this.#canvas.height = down
    }
    gl.viewport(0, 0, across, down)
    gl.clearColor(0, 0, 0, 0)
    gl.clear(gl.COLOR_BUFFER_BIT)
    if (this.#count === 0) return
    gl.uniform2f(this.#uniforms.centre, camera.x, camera.y)
    gl.uniform2f(this.#uniforms.scale, (2 * camera.scale) / width, (2 * camera.scale) / height)
    gl.uniform1f(this.#uniforms.diameter, 2 * radius * ratio)
    gl.drawElements(gl.POINTS, this.#count, gl.UNSIGNED_INT, 0)
  }

  destroy(): void {
    for (const buffer of Object.values(this.#buffers)) this.#gl.deleteBuffer(buffer)
    this.#gl.deleteProgram(this.#programme)
    // Browsers keep few contexts alive: one that is not needed must not wait for the garbage collector.
    this.#gl.getExtension('WEBGL_lose_context')?.loseContext()
  }

  #attribute(name: string, buffer: WebGLBuffer, size: number, type: number, normalised: boolean): void {
    const gl = this.#gl
    const location = gl.getAttribLocation(this.#programme, name)
    gl.bindBuffer(gl.ARRAY_BUFFER, buffer)
    gl.enableVertexAttribArray(location)
    gl.vertexAttribPointer(location, size, type, normalised, 0, 0)
  }

  #upload(target: number, buffer: WebGLBuffer, data: Float32Array | Uint8Array | Uint32Array): void {
    this.#gl.bindBuffer(target, buffer)
    this.#gl.bufferData(target, data, this.#gl.DYNAMIC_DRAW)
  }
}

function link(gl: WebGL2RenderingContext): WebGLProgram {
  const programme = gl.createProgram()
  for (const [type, source] of [
    [gl.VERTEX_SHADER, vertexShader],
    [gl.FRAGMENT_SHADER, fragmentShader],
  ] as const) {
    const shader = gl.createShader(type)
    if (shader === null) throw new Error('The graphics context was lost while the map was set up.')
    gl.shaderSource(shader, source)
    gl.compileShader(shader)
    gl.attachShader(programme, shader)
    gl.deleteShader(shader)
  }
  gl.linkProgram(programme)
  if (gl.getProgramParameter(programme, gl.LINK_STATUS) !== true)
    throw new Error(gl.getProgramInfoLog(programme) ?? 'Shaders did not link.')
  return programme
}
