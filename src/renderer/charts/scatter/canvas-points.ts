/** Points drawn by the processor onto a plain canvas, where there is no WebGL. */
import type { Camera, Size } from './camera.ts'
import type { PointCloud, PointRenderer } from './points.ts'
import { splat } from './splat.ts'

/** @param ground colour under the points, as the page gives it: `rgb(22, 27, 31)` */
export function canvasPoints(canvas: HTMLCanvasElement, ground: () => string): PointRenderer {
  let cloud: PointCloud | null = null
  return {
    show: (next) => (cloud = next),
    draw(camera, size, radius, ratio) {
      paint(canvas, cloud, { camera, size, radius, ratio, ground: ground() })
    },
    destroy: () => undefined,
  }
}

interface View {
  camera: Camera
  size: Size
  radius: number
  ratio: number
  ground: string
}

/** Draws points on a ground of one colour; the canvas takes the size of the view. */
export function paint(canvas: HTMLCanvasElement, cloud: PointCloud | null, { camera, size, radius, ratio, ground }: View): void {
  const whole = { width: Math.max(Math.round(size.width * ratio), 1), height: Math.max(Math.round(size.height * ratio), 1) }
  if (canvas.width !== whole.width || canvas.height !== whole.height) Object.assign(canvas, whole)
  const context = canvas.getContext('2d')
  if (context === null) return
  const [red, green, blue] = (ground.match(/[\d.]+/g) ?? ['255', '255', '255']).map(Number)
  const picture = new ImageData(whole.width, whole.height)
  new Uint32Array(picture.data.buffer).fill(0xff000000 | (blue << 16) | (green << 8) | red)
  if (cloud !== null) splat(picture.data, whole, cloud, { ...camera, scale: camera.scale * ratio }, radius * ratio)
  context.putImageData(picture, 0, 0)
}
