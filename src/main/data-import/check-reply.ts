/**
 * Checks what comes from a process that reads files from outside: were one of its parsers taken over
 * by a file, it could say anything.
 */
import { z } from 'zod'
import { LabError, errorSchema } from '../../shared/errors.ts'
import type { ErrorCode } from '../../shared/errors.ts'
import type { Reply } from './messages.ts'

const whole = z.int().min(0)
const text = z.string().max(10_000)
const id = whole

const split = z.strictObject({ train: whole, validation: whole, test: whole })
const size = { height: z.int().min(1), width: z.int().min(1), channels: z.int().min(1).max(4) }
const plan = z.strictObject({
  height: z.int().min(1).max(64),
  width: z.int().min(1).max(64),
  channels: z.int().min(1).max(4),
  fit: z.enum(['crop', 'pad', 'stretch']),
})

const preview = z.strictObject({
  format: text,
  recognised: text,
  files: z.array(text).max(10_000),
  count: whole,
  classes: z.array(z.strictObject({ name: text, count: whole, parts: split.nullable() })).max(256),
  sizes: z.array(z.strictObject({ ...size, count: whole })).max(10),
  plan,
  changed: whole,
  changes: text.nullable(),
  samples: z.array(z.strictObject({ name: text, className: text, pixels: z.instanceof(Uint8Array) })).max(50),
  duplicates: z.strictObject({
    count: whole,
    acrossClasses: whole,
    acrossSplits: whole,
    examples: z.array(z.tuple([text, text])).max(100),
  }),
  unreadable: z.strictObject({ count: whole, examples: z.array(z.strictObject({ name: text, reason: text })).max(100) }),
  labelColumn: z.strictObject({ chosen: text, candidates: z.array(text).max(10_000) }).nullable(),
  suggestedSplit: split,
  order: text.nullable(),
  notes: z.array(text).max(1000),
})

const staged = z.strictObject({
  count: z.int().min(1),
  height: plan.shape.height,
  width: plan.shape.width,
  channels: plan.shape.channels,
  classes: z.int().min(2).max(256),
  classNames: z.array(text).max(256),
  suggestedSplit: split,
  source: z.strictObject({
    format: text,
    files: z.array(text).max(10_000),
    order: text.nullable(),
    changes: text.exactOptional(),
    leftAside: text.exactOptional(),
  }),
})

/** What a reader may find wrong. */
const codes = [
  'bad-input',
  'not-found',
  'invalid-argument',
  'disk',
  'memory',
  'cancelled',
  'internal',
] as const satisfies readonly ErrorCode[]

const reply = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('progress'), id, progress: z.strictObject({ doing: text, done: z.number(), total: z.number() }) }),
  z.strictObject({ type: z.literal('preview'), id, preview }),
  z.strictObject({ type: z.literal('built'), id, staged }),
  z.strictObject({ type: z.literal('failed'), id, error: errorSchema.extend({ code: z.enum(codes), message: text, remedy: text }) }),
])

/** @throws LabError `internal` when it is none of the replies */
export function checkReply(message: unknown): Reply {
  const checked = reply.safeParse(message)
  if (checked.success) return checked.data
  throw new LabError(
    'internal',
    `The process that reads the files said what it should not: ${z.prettifyError(checked.error).split('\n')[0]}.`,
    'Do not trust these files. If you do, this is a defect in Weightscape.',
  )
}
