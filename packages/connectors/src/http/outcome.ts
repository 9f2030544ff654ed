import type { DeliveryResult } from '../channel.ts'
import { inertLine } from '../text/inert.ts'
import type { OutgoingAnswer } from './outgoing.ts'

/** What an answer means for a delivery: a fault of the other side or of the way may pass, a fault of ours does not. */
export function resultOf(answer: OutgoingAnswer): DeliveryResult {
  switch (answer.status) {
    case 'not-allowed':
      // A name may point elsewhere for a while: nothing was sent, and it is tried again.
      return { status: 'retry', detail: `not sent: ${inertLine(answer.reason, 300)}` }
    case 'unreachable':
      return { status: 'retry', detail: inertLine(answer.reason, 300) }
    case 'answered': {
      const { code, body, retryAfterMs } = answer
      if (code >= 200 && code < 300) return { status: 'delivered', code, detail: 'accepted' }
      const said = inertLine(body, 200)
      const detail = `answered ${code}${said === '' ? '' : `: ${said}`}`
      if (isPassing(code))
        return { status: 'retry', code, detail, ...(retryAfterMs === undefined ? {} : { afterMs: retryAfterMs }) }
      if (code >= 300 && code < 400)
        return { status: 'refused', code, detail: `answered ${code}: redirects are not followed` }
      return { status: 'refused', code, detail }
    }
  }
}

/** 401, 403 and 404 are here because a key or an address is mended by hand, and then what waits is to go out. */
function isPassing(code: number): boolean {
  return code >= 500 || [401, 403, 404, 408, 409, 425, 429].includes(code)
}
