/** Which part of the plane is seen: pure arithmetic between the map's units and pixels of the screen. */

export interface Camera {
  /** What lies in the middle of the picture, in the map's units. */
  x: number
  y: number
  /** Pixels a unit. */
  scale: number
}

export interface Size {
  width: number
  height: number
}

export interface Point {
  x: number
  y: number
}

/** All points with a margin; upwards is up. @param coordinates float32 [n, 2]; those that are not finite are left out */
export function fit(coordinates: Float32Array, { width, height }: Size, margin = 24): Camera {
  let [left, right, bottom, top] = [Infinity, -Infinity, Infinity, -Infinity]
  for (let at = 0; at + 1 < coordinates.length; at += 2) {
    const x = coordinates[at]
    const y = coordinates[at + 1]
    if (!Number.isFinite(x) || !Number.isFinite(y)) continue
    if (x < left) left = x
    if (x > right) right = x
    if (y < bottom) bottom = y
    if (y > top) top = y
  }
  if (left > right) return { x: 0, y: 0, scale: 1 }
  const across = Math.max(width - 2 * margin, 1) / (right - left || 1)
  const up = Math.max(height - 2 * margin, 1) / (top - bottom || 1)
  return { x: (left + right) / 2, y: (bottom + top) / 2, scale: Math.min(across, up) }
}

export function toScreen(camera: Camera, { width, height }: Size, x: number, y: number): Point {
  return { x: width / 2 + (x - camera.x) * camera.scale, y: height / 2 - (y - camera.y) * camera.scale }
}

export function toPlane(camera: Camera, { width, height }: Size, x: number, y: number): Point {
  return { x: camera.x + (x - width / 2) / camera.scale, y: camera.y - (y - height / 2) / camera.scale }
}

/** Moves the picture by so many pixels. */
export function pan(camera: Camera, dx: number, dy: number): Camera {
  return { ...camera, x: camera.x - dx / camera.scale, y: camera.y + dy / camera.scale }
}

/** Enlarges about a place on the screen, which stays where it is. */
export function zoom(camera: Camera, size: Size, factor: number, about: Point): Camera {
  const fixed = toPlane(camera, size, about.x, about.y)
  const scale = camera.scale * factor
  return {
    scale,
    x: fixed.x - (about.x - size.width / 2) / scale,
    y: fixed.y + (about.y - size.height / 2) / scale,
  }
}
