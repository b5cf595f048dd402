/** How smooth a person wants curves, remembered for all of them: 0 as measured, towards 1 only the course of it. */
import { z } from 'zod'
import type { Preferences } from '../state/preferences.svelte.ts'

const key = 'curves.smoothing'
const range = z.number().min(0).max(0.99)

export const smoothingOf = (preferences: Preferences): number => preferences.get(key, range, 0)

export const setSmoothing = (preferences: Preferences, smoothing: number): void => preferences.set(key, smoothing)
