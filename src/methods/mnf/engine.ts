/** Multiplicative normalizing flows at work. */
import { variationalEngine } from '../../engine/training/variational-engine.ts'
import { mnf, type MnfSpec } from './definition.ts'
import { MnfModel } from './model.ts'

export const engine = variationalEngine<MnfSpec>(mnf, ({ method, seed }, layout) => new MnfModel(method, layout, seed))
