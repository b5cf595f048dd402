/** Values that what is said of images is made of. */
import { z } from 'zod'

/** Longest side of an image that a target takes, pixels. */
export const maxSide = 64
export const imageSide = z.int().min(1).max(maxSide)
/** 1: grey, 3: colour; 2 and 4 where arrays have them so. */
export const imageChannels = z.int().min(1).max(4)
/** Labels are bytes. */
export const maxClasses = 256

/** Text from files has an end. */
export const fileText = z.string().max(10_000)
/** Names of files, or of columns. */
export const fileTexts = z.array(fileText).max(10_000)
