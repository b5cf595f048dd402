/** Where the window was last, for the next start: kept in a small file, and only used where there is a screen. */
import type { Rectangle } from 'electron'
import { readFileSync, writeFileSync } from 'node:fs'
import { z } from 'zod'

export interface WindowState {
  bounds: Rectangle | null
  maximized: boolean
}

export const smallest = { width: 720, height: 480 }
const defaultSize = { width: 1280, height: 800 }
/** Pixels of the title bar that must be on a screen, so that it can be grasped. */
const graspable = { width: 120, height: 32 }

const side = z.int().min(0).max(100_000)
const stateSchema = z.object({
  bounds: z.object({ x: z.int(), y: z.int(), width: side, height: side }).nullable(),
  maximized: z.boolean(),
})

/** What was kept; nothing where there is nothing, or nothing that can be read. */
export function readWindowState(path: string): WindowState {
  try {
    return stateSchema.parse(JSON.parse(readFileSync(path, 'utf8')))
  } catch {
    return { bounds: null, maximized: false }
  }
}

/** Keeps it. Not being able to is nobody's trouble: the next window opens where windows do. */
export function keepWindowState(path: string, state: WindowState): void {
  try {
    writeFileSync(path, JSON.stringify(state))
  } catch {
    return
  }
}

/**
 * Bounds for a window: those that were kept where one can still see and grasp it, else only a size.
 * @param workAreas of all screens
 */
export function fitBounds(
  { bounds }: WindowState,
  workAreas: readonly Rectangle[],
): Partial<Rectangle> & { width: number; height: number } {
  if (bounds === null) return fitSize(defaultSize, workAreas[0])
  const area = workAreas.find((each) => isGraspable(bounds, each))
  if (area === undefined) return fitSize(bounds, workAreas[0])
  return { x: bounds.x, y: bounds.y, ...fitSize(bounds, area) }
}

function fitSize({ width, height }: { width: number; height: number }, area: Rectangle | undefined): { width: number; height: number } {
  return {
    width: Math.max(smallest.width, Math.min(width, area?.width ?? width)),
    height: Math.max(smallest.height, Math.min(height, area?.height ?? height)),
  }
}

function isGraspable({ x, y, width }: Rectangle, area: Rectangle): boolean {
  const overlap = Math.min(x + width, area.x + area.width) - Math.max(x, area.x)
  return overlap >= graspable.width && y >= area.y && y + graspable.height <= area.y + area.height
}
