import type { FoundCheck } from '../doctor/found-check.ts'
import type { Outbox } from './outbox.ts'

/** For the doctor: a channel whose newest try failed tells nobody anything. */
export function channelChecks({ notices }: { readonly notices: Pick<Outbox, 'channels'> }): readonly FoundCheck[] {
  return notices.channels().map(({ name, type, waiting, delivered, givenUp, failing }) => {
    const id = `channel ${name}`
    const title = `channel ${name} (${type})`
    const counts = `${delivered} delivered, ${waiting} waiting, ${givenUp} given up`
    if (failing === undefined) return { id, status: 'PASS', title, detail: counts }
    return {
      id,
      status: 'FAIL',
      title,
      detail: `${counts}; the newest try: ${failing}`,
      remedy: `mend the channel in connectors.yaml, then: \`holdfast connectors test ${name}\`; \`holdfast notices list --status given-up\` shows what to replay`,
    }
  })
}
