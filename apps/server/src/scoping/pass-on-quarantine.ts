import { setTimeout as wait } from 'node:timers/promises'
import { RECONCILE_AGAIN_MS, RECONCILE_TRIES } from './limits.ts'
import type { Logger } from 'pino'
import type { OnlineProxies } from '../proxy/online-proxies.ts'
import type { Scoping } from './scoping.ts'
import { WithheldInProxies, type WithheldSources } from './withheld-in-proxies.ts'

/** Has proxies withhold what is in quarantine from now on, and what the log says is there already. */
export function passOnQuarantine({
  orders,
  online,
  reader,
  scoping: { quarantine, scopeOf },
  logger,
}: Pick<WithheldSources, 'orders' | 'reader'> & {
  readonly online: Pick<OnlineProxies, 'list' | 'onArrival'>
  readonly scoping: Pick<Scoping, 'quarantine' | 'scopeOf'>
  readonly logger: Logger
}): void {
  const withheld = new WithheldInProxies({ orders, online, reader, quarantine, scopeOf })
  const noted = (done: Promise<void>): void =>
    void done.catch((error: unknown) => logger.error({ err: error }, 'proxies were not told of the quarantine'))
  quarantine.onChange((record, entry) => noted(withheld.changed(record, entry)))
  online.onArrival((agent) => noted(withheld.arrived(agent)))
  void reconciled(withheld, logger)
}

/** What an incident reached is known once the projections are: until then it is tried again. Never rejects. */
export async function reconciled(
  withheld: Pick<WithheldInProxies, 'reconcile'>,
  logger: Pick<Logger, 'error'>,
  pause: () => Promise<unknown> = () => wait(RECONCILE_AGAIN_MS, undefined, { ref: false }),
): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await withheld.reconcile()
    } catch (error) {
      logger.error({ err: error, tries }, 'proxies were not told of the quarantine')
      if (tries === RECONCILE_TRIES) return
      await pause()
    }
  }
}
