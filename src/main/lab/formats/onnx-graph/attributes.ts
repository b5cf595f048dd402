/** Which values of an attribute are known. */
import type { Attribute } from './graph.ts'

type Check = (value: Attribute) => boolean

export const is =
  (...allowed: Attribute[]): Check =>
  (value) =>
    allowed.includes(value)

/** @param count absent: any */
export const areWholes =
  (count?: number): Check =>
  (value) =>
    Array.isArray(value) && (count === undefined || value.length === count)

export const isNumber: Check = (value) => typeof value === 'number'
