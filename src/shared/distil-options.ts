/** How a student learns from an ensemble. */

export interface DistilOptions {
  /** Training images that the ensemble is asked about, at most. */
  labelled: number
  steps: number
  imageBatch: number
  learningRate: number
  temperature: number
  /** Share of the loss that comes from the true labels. */
  labelWeight: number
  /** Factor on the hidden widths of the student: 1 is the target's own architecture. */
  width: number
}

/**
 * How a student learns unless one says otherwise. After 3,000 steps (some ten epochs of what the ensemble labelled)
 * a student of MNIST is as good as its ensemble; after 1,200 it kept two thirds to three quarters of the gain.
 */
export const defaultDistilOptions: DistilOptions = {
  labelled: 20_000,
  steps: 3000,
  imageBatch: 64,
  learningRate: 2e-3,
  temperature: 1,
  labelWeight: 0,
  width: 1,
}
