/** What every answer carries, and the short ones. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { CONTENT_SECURITY_POLICY, NOTHING_ALLOWED } from '../../shared/content-policy.ts'
import { toErrorValue } from '../../shared/errors.ts'
import type { ErrorCode } from '../../shared/errors.ts'

const always = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'x-frame-options': 'DENY',
  'permissions-policy': 'camera=(), microphone=(), geolocation=(), usb=(), serial=(), hid=(), payment=()',
}

/** Headers of the page and its parts. */
export const pageHeaders: Readonly<Record<string, string>> = { ...always, 'content-security-policy': CONTENT_SECURITY_POLICY }
/** Headers of everything else. */
export const otherHeaders: Readonly<Record<string, string>> = {
  ...always,
  'content-security-policy': NOTHING_ALLOWED,
  'cache-control': 'no-store',
}

export function sendText(response: ServerResponse, status: number, text: string, headers: Record<string, string> = {}): void {
  response.writeHead(status, { ...otherHeaders, 'content-type': 'text/plain; charset=utf-8', ...headers }).end(`${text}\n`)
}

/**
 * Sends a browser that was let in on to the page. Where a link on another page led here, a redirect would
 * still count as that page's, and a strict cookie would stay at home: then our own page goes on.
 */
export function sendWelcome(request: IncomingMessage, response: ServerResponse, headers: Record<string, string>): void {
  const site = request.headers['sec-fetch-site']
  if (site === undefined || site === 'none' || site === 'same-origin') {
    response.writeHead(303, { ...otherHeaders, ...headers, location: '/' }).end()
    return
  }
  response
    .writeHead(200, { ...pageHeaders, 'cache-control': 'no-store', 'content-type': 'text/html; charset=utf-8', ...headers })
    .end('<!doctype html><meta http-equiv="refresh" content="0; url=/"><title>Weightscape</title><a href="/">Weightscape</a>\n')
}

const statuses: Partial<Record<ErrorCode, number>> = {
  'invalid-argument': 400,
  'bad-input': 400,
  'not-found': 404,
  conflict: 409,
  disk: 507,
  memory: 507,
}

/** An error as the page's own code reads it. */
export function sendError(response: ServerResponse, thrown: unknown): void {
  if (response.headersSent) return void response.destroy()
  const error = toErrorValue(thrown)
  response
    .writeHead(statuses[error.code] ?? 500, { ...otherHeaders, 'content-type': 'application/json; charset=utf-8' })
    .end(JSON.stringify(error))
}
