/**
 * Who may come in. The address that is printed holds a token that one browser exchanges for a cookie; the
 * cookie is signed with a key kept in the data folder, so an open page finds back in after a restart.
 */
import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto'

/** How long a cookie opens the server, milliseconds. */
const cookieLife = 30 * 24 * 3600 * 1000

export class Keys {
  readonly #key: Buffer
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
  }

  /** What the next browser must show: 192 random bits. */
  get token(): string {
    return this.#token
  }

  /** Cookies know no ports: labs on several data folders must not take each other's away. */
  get cookieName(): string {
    return `weightscape-${createHash('sha256').update('name').update(this.#key).digest('hex').slice(0, 12)}`
  }

  /** The value of a cookie for whoever shows the token; null: wrong token. A token opens once. */
  exchange(token: string): string | null {
    if (!sameText(token, this.#token)) return null
    this.#token = newToken()
    this.#onUsed()
    const payload = `${randomBytes(12).toString('base64url')}.${this.#now() + cookieLife}`
    return `${payload}.${this.#sign(payload)}`
  }

  /** Whether a cookie header holds one of ours that has not run out. */
  admits(cookieHeader: string | undefined): boolean {
    const name = `${this.cookieName}=`
    for (const part of cookieHeader?.split(';') ?? []) {
      const cookie = part.trim()
      if (cookie.startsWith(name) && this.#isValid(cookie.slice(name.length))) return true
    }
    return false
  }

  #isValid(value: string): boolean {
    const [id, expires, signature, ...more] = value.split('.')
    if (signature === undefined || more.length > 0) return false
    return sameText(signature, this.#sign(`${id}.${expires}`)) && Number(expires) > this.#now()
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
