/** Points drawn by the processor onto a plain canvas, where there is no WebGL. */
import type { PointCloud, PointRenderer } from './points.ts'
import { splat } from './splat.ts'

/** @param ground colour under the points, as the page gives it: `rgb(22, 27, 31)` */
export function canvasPoints(canvas: HTMLCanvasElement, ground: () => string): PointRenderer {
  let cloud: PointCloud | null = null
  return {
    show: (next) => (cloud = next),
    draw(camera, size, radius, ratio) {
      const whole = { width: Math.max(Math.round(size.width * ratio), 1), height: Math.max(Math.round(size.height * ratio), 1) }
      if (canvas.width !== whole.width || canvas.height !== whole.height) Object.assign(canvas, whole)
      const context = canvas.getContext('2d')
      if (context === null) return
      const [red, green, blue] = (ground().match(/[\d.]+/g) ?? ['255', '255', '255']).map(Number)
      const picture = new ImageData(whole.width, whole.height)
      new Uint32Array(picture.data.buffer).fill(0xff000000 | (blue << 16) | (green << 8) | red)
      if (cloud !== null) splat(picture.data, whole, cloud, { ...camera, scale: camera.scale * ratio }, radius * ratio)
      context.putImageData(picture, 0, 0)
    },
    destroy: () => undefined,
  }
}
