/** The kinds of layers there are: a new one is one line here and a folder beside. */
import { z } from 'zod'
import { averagePool } from './average-pool/definition.ts'
import { convolution } from './convolution/definition.ts'
import { dense } from './dense/definition.ts'
import type { LayerKind } from './layer-kind.ts'
import { maxPool } from './max-pool/definition.ts'
import { normalisation } from './normalisation/definition.ts'

const kinds = [convolution, maxPool, averagePool, normalisation, dense] as const

type Schema = (typeof kinds)[number]['schema']
export type Layer = z.infer<Schema>

/** A layer of the target network, of any kind. */
export const layerSchema = z.discriminatedUnion('kind', kinds.map(({ schema }) => schema) as [Schema, ...Schema[]])

export type LayerKinds = Readonly<Record<string, LayerKind>>

/** Every kind by its name. */
export const layerKinds: LayerKinds = Object.fromEntries(kinds.map((definition) => [definition.kind, definition as LayerKind]))
