/** Finds accuracies in what a person reads that do not say how sure they are, or of which images they are. */

/** Shares that are no accuracy, or a range over networks that is told as one: with what stands around them. */
const others = [
  /[\d.]+\s?% to [\d.]+\s?%/g, // from the worst network to the best
  /from 0\.\d+ to 0\.\d+/g,
  /the worst 0\.\d+ and the best 0\.\d+/g,
  /\b95\s?% (intervals?|over|from)|Nemenyi, 5\s?%/g,
  /bars begin at [\d.]+\s?%/gi,
  /spread [\d.<]+\s?%|up to [\d.<]+\s?%|s\.d\. 0\.\d+/g,
  /calibration error [^:]*: [\d.]+\s?% each/gi, // its mean over networks, in the headline alone
  /calibration error of [^:]*: [\d.]+\s?% each/gi,
  /[\d.]+\s?% of (images|the images|them|variance|the variance|the mean square)/g,
  /within 0\.1 percentage points/g,
  /share of variance [\d.]+|components of [\d.]+\s?%|own at 95\s?%/gi,
  /explain( [\d.]+\s?%,?)+/g, // of the variance
  /95\s?% of own images are taken for own|at 95\s?% true positives/g, // what a measure means
  /by chance alone is [\d.]+ for these and [\d.]+ for own/g, // of how many there are
  /\d+(st|nd|th) (to the \d+\w\w )?percentile/g,
]

/** "95.1 %" or, in reports, "0.951", with what follows it; what follows an interval's opening is part of it. */
const share = /(?<![\d.,[\u2212+-])(?:\d{1,3}(?:\.\d+)?[\s\u00a0]?%|0\.\d{3,4}|1\.0{3,4})(?![\d%]|[\s\u00a0]nats)(.{0,2})/gs

/** Those without an interval, each with what stands around it. */
export function bareShares(text: string): string[] {
  const left = others.reduce(
    (rest, other) => rest.replaceAll(other, '…'),
    text.replaceAll('\\[', '[').replaceAll(/\[[^\][]*\d[^\][]*\]/g, '[interval]'),
  )
  return [...left.matchAll(share)].flatMap((found) => {
    const [, after] = found
    return after.startsWith(' [') ? [] : [left.slice(Math.max(0, found.index - 50), found.index + 40).replaceAll('\n', ' ')]
  })
}

/** Whether it says of which images it is, and how many. */
export const saysImages = (text: string): boolean => /validation|test|train/i.test(text) && /[\d,]+\s(\S+\s){0,2}images/i.test(text)
