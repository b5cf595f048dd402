/** What a page of the lab may do, in the app's window and in a browser alike. */

/** Its own scripts, styles, images and fonts, and its own lab; nothing from elsewhere, nothing inline, no frames, no forms. */
export const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "font-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

/** Sent with everything that is not for a page of ours to show. */
export const NOTHING_ALLOWED = "default-src 'none'; frame-ancestors 'none'; sandbox"
