/**
 * Who may come in. The address that is printed holds a token that one browser exchanges for a cookie; the
 * cookie is signed with a key kept in the data folder, so an open page finds back in after a restart.
 */
import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto'

/** How long a cookie opens the server, milliseconds. */
const cookieLife = 30 * 24 * 3600 * 1000
/** The age at which a browser that comes gets a new one, milliseconds. */
const renewalAge = 24 * 3600 * 1000

export class Keys {
  readonly #key: Buffer
  /** Cookies know no ports: labs on several data folders must not take each other's away. */
  readonly #cookieName: string
  readonly #now: () => number
  readonly #onUsed: () => void
  #token = newToken()

  /**
   * @param key 32 random bytes
   * @param onUsed the token was exchanged, and there is a new one
   */
  constructor(key: Buffer, onUsed: () => void = () => undefined, now: () => number = Date.now) {
    this.#key = key
    this.#onUsed = onUsed
    this.#now = now
    this.#cookieName = `weightscape-${createHash('sha256').update('name').update(key).digest('hex').slice(0, 12)}`
  }

  /** What the next browser must show: 192 random bits. */
  get token(): string {
    return this.#token
  }

  /** The cookie for whoever shows the token, as a header sets it; null: wrong token. A token opens once. */
  exchange(token: string): string | null {
    if (!sameText(token, this.#token)) return null
    this.#token = newToken()
    this.#onUsed()
    return this.#issue()
  }

  /** Whether a cookie header holds one of ours that has not run out. */
  admits(cookieHeader: string | undefined): boolean {
    return this.#timeLeft(cookieHeader) > 0
  }

  /** A new cookie in the place of one of ours that is a day old, as a header sets it: who comes often stays in. */
  renew(cookieHeader: string | undefined): string | null {
    const left = this.#timeLeft(cookieHeader)
    return left > 0 && left <= cookieLife - renewalAge ? this.#issue() : null
  }

  /** It ends by our clock, whatever the browser keeps. */
  #issue(): string {
    const payload = `${randomBytes(12).toString('base64url')}.${this.#now() + cookieLife}`
    const attributes = `Path=/; HttpOnly; SameSite=Strict; Max-Age=${cookieLife / 1000}`
    return `${this.#cookieName}=${payload}.${this.#sign(payload)}; ${attributes}`
  }

  /** Milliseconds that the best of our cookies in a header still opens; 0: none does. */
  #timeLeft(cookieHeader: string | undefined): number {
    const name = `${this.#cookieName}=`
    const ours = (cookieHeader?.split(';') ?? []).map((part) => part.trim()).filter((cookie) => cookie.startsWith(name))
    return Math.max(0, ...ours.map((cookie) => this.#expiry(cookie.slice(name.length)) - this.#now()))
  }

  /** Milliseconds since the epoch; 0: it is none of ours. */
  #expiry(value: string): number {
    const [id, expires, signature, ...more] = value.split('.')
    if (signature === undefined || more.length > 0) return 0
    return sameText(signature, this.#sign(`${id}.${expires}`)) ? Number(expires) : 0
  }

  #sign(payload: string): string {
    return createHmac('sha256', this.#key).update(payload).digest('base64url')
  }
}

function newToken(): string {
  return randomBytes(24).toString('base64url')
}

/** Compares in a time that tells nothing about where they differ, nor how long they are. */
function sameText(a: string, b: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(a), digest(b))
}
