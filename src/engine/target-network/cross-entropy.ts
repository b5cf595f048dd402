/** Softmax cross-entropy on logits in JavaScript's memory: they are few, and both loss and accuracy are wanted there. */
import { largest } from '../../shared/largest.ts'

/** Sums over a chunk of images, and the gradient of the mean loss with respect to the logits. */
export interface CrossEntropy {
  /** Sum of the images' cross-entropies, nats. */
  loss: number
  /** Images whose largest logit is the label's (the first of equals counts). */
  right: number
  /** [images, classes], divided by the whole batch. */
  gradient: Float32Array
}

/** Soft targets of a batch, as distillation has them (Hinton, Vinyals and Dean 2015, section 2). */
export interface SoftTargets {
  /** What a teacher says of each image, already at this temperature: [images, classes], rows that sum to 1. */
  probabilities: Float32Array
  temperature: number
  /** Share of the loss that comes from the hard labels. */
  labelWeight: number
}

/**
 * @param logits [images, classes]
 * @param labels [images]
 * @param batch images of the whole batch: the gradient is that of the mean over it
 */
export function crossEntropy(logits: Float32Array, labels: Int32Array, batch: number): CrossEntropy {
  const images = labels.length
  const classes = logits.length / images
  const gradient = new Float32Array(logits.length)
  let loss = 0
  let right = 0
  for (let i = 0; i < images; i++) {
    const from = i * classes
    const label = labels[i]
    const best = largest(logits, from, classes)
    const top = logits[from + best]
    let total = 0
    for (let c = 0; c < classes; c++) total += Math.exp(logits[from + c] - top)
    loss += Math.log(total) + top - logits[from + label]
    if (best === label) right++
    for (let c = 0; c < classes; c++) {
      const probability = Math.exp(logits[from + c] - top) / total
      gradient[from + c] = (probability - (c === label ? 1 : 0)) / batch
    }
  }
  return { loss, right, gradient }
}

/**
 * As {@link crossEntropy}, with soft targets q at temperature T beside the labels: the loss is
 * (1 - labelWeight) T^2 CE(q, softmax(logits / T)) + labelWeight CE(label, softmax(logits)), where T^2
 * keeps the gradient's size from depending on T.
 */
export function softCrossEntropy(logits: Float32Array, labels: Int32Array, soft: SoftTargets, batch: number): CrossEntropy {
  const result = crossEntropy(logits, labels, batch)
  const { probabilities, temperature, labelWeight } = soft
  const classes = logits.length / labels.length
  const softWeight = 1 - labelWeight
  let softLoss = 0
  for (let i = 0; i < labels.length; i++) {
    const from = i * classes
    const top = logits[from + largest(logits, from, classes)]
    let total = 0
    for (let c = 0; c < classes; c++) total += Math.exp((logits[from + c] - top) / temperature)
    for (let c = from; c < from + classes; c++) {
      const scaled = (logits[c] - top) / temperature
      softLoss += probabilities[c] * (Math.log(total) - scaled)
      const difference = (Math.exp(scaled) / total - probabilities[c]) / batch
      result.gradient[c] = labelWeight * result.gradient[c] + softWeight * temperature * difference
    }
  }
  result.loss = labelWeight * result.loss + softWeight * temperature ** 2 * softLoss
  return result
}

/** Softmax of each row of `logits` [rows, classes], written into `out` from `offset` on. */
export function softmaxInto(out: Float32Array, offset: number, logits: Float32Array, classes: number): void {
  for (let from = 0; from < logits.length; from += classes) {
    const top = logits[from + largest(logits, from, classes)]
    let total = 0
    for (let c = 0; c < classes; c++) total += Math.exp(logits[from + c] - top)
    for (let c = 0; c < classes; c++) out[offset + from + c] = Math.exp(logits[from + c] - top) / total
  }
}
