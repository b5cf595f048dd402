/** The Bayesian hypernetwork at work. */
import { variationalEngine } from '../../engine/training/variational-engine.ts'
import { bayesianHypernetwork, type BayesianHypernetworkSpec } from './definition.ts'
import { BayesianHypernetworkModel } from './model.ts'

export const engine = variationalEngine<BayesianHypernetworkSpec>(
  bayesianHypernetwork,
  ({ method, seed }, layout) => new BayesianHypernetworkModel(method, layout, seed),
)
