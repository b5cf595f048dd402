/**
 * Over Electron's channel nothing tells when a message has left, and a process that exits takes along
 * what has not. So a process asks its host to answer, and knows by the answer that all before has arrived.
 */
interface FlushQuestion {
  type: 'flush'
  count: number
}

export interface FlushAnswer {
  type: 'flushed'
  count: number
}

export function flushQuestion(count: number): FlushQuestion {
  return { type: 'flush', count }
}

export function flushAnswer({ count }: FlushQuestion): FlushAnswer {
  return { type: 'flushed', count }
}

export function isFlushQuestion(message: unknown): message is FlushQuestion {
  return isCounted(message, 'flush')
}

export function isFlushAnswer(message: unknown): message is FlushAnswer {
  return isCounted(message, 'flushed')
}

function isCounted(message: unknown, type: string): boolean {
  if (typeof message !== 'object' || message === null) return false
  const { type: itsType, count } = message as Record<string, unknown>
  return itsType === type && typeof count === 'number'
}
