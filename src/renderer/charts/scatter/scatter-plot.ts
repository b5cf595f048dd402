/** The map on the screen: points below, rings and lasso above, and what pointer and keys do with it. */
import { canvasPoints } from './canvas-points.ts'
import { fit, pan, toPlane, toScreen, zoom } from './camera.ts'
import type { Camera, Point, Size } from './camera.ts'
import { PointIndex, within } from './point-index.ts'
import { radiusOf } from './points.ts'
import type { PointCloud, PointRenderer } from './points.ts'
import { webglPoints } from './webgl-points.ts'
import type { Palette } from '../palette.ts'

/** A pointer this near to a point means it, pixels. */
const reach = 14
/** A press that moves less is a click, pixels. */
const still = 4

export interface ScatterEvents {
  /** -1: no point. */
  hover(index: number, at: Point): void
  open(index: number): void
  lasso(indices: Uint32Array, add: boolean): void
  /** The person has moved the picture, or has it whole again. */
  moved(whole: boolean): void
}

export interface Rings {
  hovered: number
  opened: number
  /** Marked for good: networks that were kept. */
  bookmarks: readonly number[]
}

export class ScatterPlot {
  readonly #canvases: { points: HTMLCanvasElement; marks: HTMLCanvasElement }
  readonly #events: ScatterEvents
  readonly #renderer: PointRenderer
  #palette: Palette
  #cloud: PointCloud = { coordinates: new Float32Array(0), colours: new Uint8Array(0), order: new Uint32Array(0) }
  #index: PointIndex | null = null
  #rings: Rings = { hovered: -1, opened: -1, bookmarks: [] }
  #size: Size = { width: 1, height: 1 }
  #camera: Camera = { x: 0, y: 0, scale: 1 }
  /** Pixels a unit at which everything is in sight. */
  #wholeScale = 1
  #whole = true
  #lassoing = false
  #press: { from: Point; last: Point; lasso: Point[] | null; moved: boolean } | null = null
  #frame = 0

  /**
   * @param plain without WebGL
   * @throws Error WebGL is there and does not work: the canvas is then spoilt for anything else
   */
  constructor(canvases: { points: HTMLCanvasElement; marks: HTMLCanvasElement }, palette: Palette, events: ScatterEvents, plain = false) {
    this.#canvases = canvases
    this.#palette = palette
    this.#events = events
    const accelerated = plain ? null : webglPoints(canvases.points)
    this.#renderer = accelerated ?? canvasPoints(canvases.points, () => this.#palette.tokens.raised)
  }

  show(cloud: PointCloud, palette: Palette): void {
    const moved = cloud.coordinates !== this.#cloud.coordinates
    this.#cloud = cloud
    this.#palette = palette
    this.#renderer.show(cloud)
    if (moved) {
      this.#index = null
      this.#wholeScale = fit(cloud.coordinates, this.#size).scale
      if (this.#whole) this.#camera = fit(cloud.coordinates, this.#size)
    }
    this.#draw()
  }

  mark(rings: Rings): void {
    this.#rings = rings
    this.#draw()
  }

  /** Whether dragging draws a lasso; with Shift it always does. */
  set lassoing(on: boolean) {
    this.#lassoing = on
  }

  resize(size: Size): void {
    this.#size = size
    const whole = fit(this.#cloud.coordinates, size)
    this.#wholeScale = whole.scale
    if (this.#whole) this.#camera = whole
    this.#draw()
  }

  showWhole(): void {
    this.#whole = true
    this.#camera = fit(this.#cloud.coordinates, this.#size)
    this.#events.moved(true)
    this.#draw()
  }

  zoomBy(factor: number, about: Point = { x: this.#size.width / 2, y: this.#size.height / 2 }): void {
    const closer = (this.#camera.scale * factor) / this.#wholeScale
    if (closer < 0.2 || closer > 1e4) return
    this.#move(zoom(this.#camera, this.#size, factor, about))
  }

  panBy(dx: number, dy: number): void {
    this.#move(pan(this.#camera, dx, dy))
  }

  /** Brings a point into sight where it is not. */
  reveal(index: number): void {
    const { x, y } = this.#onScreen(index)
    const { width, height } = this.#size
    if (x >= 0 && y >= 0 && x <= width && y <= height) return
    this.#move({ ...this.#camera, x: this.#cloud.coordinates[2 * index], y: this.#cloud.coordinates[2 * index + 1] })
  }

  /** What is in sight, for a picture of it. */
  get view(): { camera: Camera; size: Size; radius: number } {
    return { camera: this.#camera, size: this.#size, radius: this.#radius }
  }

  placeOf(index: number): Point {
    return this.#onScreen(index)
  }

  pointerDown(at: Point, shift: boolean): void {
    this.#press = { from: at, last: at, lasso: this.#lassoing || shift ? [at] : null, moved: false }
  }

  pointerMove(at: Point): void {
    const press = this.#press
    if (press === null) {
      this.#events.hover(this.#pointAt(at), at)
      return
    }
    if (!press.moved && Math.hypot(at.x - press.from.x, at.y - press.from.y) < still) return
    press.moved = true
    if (press.lasso !== null) {
      press.lasso.push(at)
      this.#draw()
    } else {
      this.panBy(at.x - press.last.x, at.y - press.last.y)
    }
    press.last = at
  }

  pointerUp(at: Point, shift: boolean): void {
    const press = this.#press
    this.#press = null
    if (press === null) return
    if (!press.moved) {
      const index = this.#pointAt(at)
      if (index >= 0) this.#events.open(index)
    } else if (press.lasso !== null) {
      const outline = press.lasso.map(({ x, y }) => toPlane(this.#camera, this.#size, x, y))
      this.#events.lasso(within(this.#cloud.coordinates, outline), shift && this.#lassoing)
    }
    this.#draw()
  }

  pointerLeave(): void {
    if (this.#press === null) this.#events.hover(-1, { x: 0, y: 0 })
  }

  /** Ends a drag without doing what it would. */
  cancel(): void {
    this.#press = null
    this.#draw()
  }

  destroy(): void {
    cancelAnimationFrame(this.#frame)
    this.#renderer.destroy()
  }

  get #radius(): number {
    return radiusOf(this.#cloud.coordinates.length >> 1, this.#camera.scale / this.#wholeScale)
  }

  #move(camera: Camera): void {
    this.#camera = camera
    if (this.#whole) this.#events.moved(false)
    this.#whole = false
    this.#draw()
  }

  #onScreen(index: number): Point {
    const { coordinates } = this.#cloud
    return toScreen(this.#camera, this.#size, coordinates[2 * index], coordinates[2 * index + 1])
  }

  #pointAt(at: Point): number {
    this.#index ??= new PointIndex(this.#cloud.coordinates)
    const { x, y } = toPlane(this.#camera, this.#size, at.x, at.y)
    return this.#index.nearest(x, y, reach / this.#camera.scale)
  }

  /** At most once a frame. */
  #draw(): void {
    if (this.#frame !== 0) return
    this.#frame = requestAnimationFrame(() => {
      this.#frame = 0
      this.#renderer.draw(this.#camera, this.#size, this.#radius, devicePixelRatio)
      this.#drawMarks()
    })
  }

  #drawMarks(): void {
    const { marks } = this.#canvases
    const { width, height } = this.#size
    const across = Math.max(Math.round(width * devicePixelRatio), 1)
    const down = Math.max(Math.round(height * devicePixelRatio), 1)
    if (marks.width !== across || marks.height !== down) Object.assign(marks, { width: across, height: down })
    const context = marks.getContext('2d')
    if (context === null) return
    context.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0)
    context.clearRect(0, 0, width, height)
    const { hovered, opened, bookmarks } = this.#rings
    const { tokens } = this.#palette
    for (const index of bookmarks) this.#ring(context, index, 3, 1.5, tokens.text)
    if (hovered >= 0) this.#ring(context, hovered, 3, 1.5, tokens.text)
    if (opened >= 0) this.#ring(context, opened, 4, 2.5, tokens.accent)
    const lasso = this.#press?.lasso ?? []
    if (lasso.length < 2) return
    context.beginPath()
    for (const { x, y } of lasso) context.lineTo(x, y)
    context.closePath()
    context.globalAlpha = 0.12
    context.fillStyle = tokens.accent
    context.fill()
    context.globalAlpha = 1
    context.strokeStyle = tokens.accent
    context.lineWidth = 1.5
    context.stroke()
  }

  #ring(context: CanvasRenderingContext2D, index: number, gap: number, width: number, colour: string): void {
    if (2 * index >= this.#cloud.coordinates.length) return
    const { x, y } = this.#onScreen(index)
    context.beginPath()
    context.arc(x, y, this.#radius + gap, 0, 2 * Math.PI)
    context.lineWidth = width + 2
    context.strokeStyle = this.#palette.tokens.raised
    context.stroke()
    context.lineWidth = width
    context.strokeStyle = colour
    context.stroke()
  }
}
