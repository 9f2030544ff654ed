import type { AuthorityProfile } from '@holdfast/detect'
import { formatRfc3339, type Principal, type UnixNano } from '@holdfast/model'
import { containerOf, principalName, WINDOW_DAYS } from '@holdfast/observe'
import type { ProjectionStore } from '@holdfast/recorder'
import { decode, type UseDoc } from '../../scope/docs.ts'
import { keys } from '../../scope/keys.ts'
import { LEAST_DAYS, SPAN_DAYS, USES_READ } from './limits.ts'

/**
 * What authorities recorded of these principals in the window before an instant; undefined where that is too little to call
 * anything new. A resource is known with what is beside it in the same container: each night's objects have new names.
 */
export function principalPast(
  store: Pick<ProjectionStore, 'scan'>,
  principals: readonly Pick<Principal, 'id'>[],
  at: UnixNano,
): AuthorityProfile | undefined {
  const known = { principal: new Set<string>(), action: new Set<string>(), resource: new Set<string>() }
  const days = new Set<string>()
  let isWhole = true
  for (const { id } of principals) {
    for (const day of daysBefore(at)) {
      const rows = store.scan({ prefix: keys.usesOn(principalName(id), day), limit: USES_READ })
      if (rows.length === USES_READ) isWhole = false
      for (const [, bytes] of rows) {
        const { plane, action, resource, proofs } = decode<UseDoc>(bytes)
        const first = proofs.at(-1)?.[0]
        // Of one day's uses the latest are told: what began before the instant was known then.
        if (first === undefined || BigInt(first) >= at) continue
        days.add(day)
        known.principal.add(id)
        known.action.add(action)
        known.resource.add(resource).add(containerOf(plane, resource))
      }
    }
  }
  if (days.size < LEAST_DAYS) return undefined
  return {
    knows: (dimension, value, plane) => {
      switch (dimension) {
        case 'principal':
          return known.principal.has(value)
        case 'action':
          return known.action.has(value)
        case 'resource':
          return !isWhole || known.resource.has(value) || known.resource.has(containerOf(plane, value))
        case 'region':
          // No region is kept of a use: nothing is said of it.
          return true
      }
    },
    isSettled: days.size >= SPAN_DAYS,
  }
}

/** `YYYY-MM-DD` of the window, its last day that of the instant. */
function daysBefore(at: UnixNano): readonly string[] {
  return Array.from({ length: WINDOW_DAYS + 1 }, (_, i) => {
    const time = at - BigInt(i) * 86_400_000_000_000n
    return formatRfc3339((time < 0n ? 0n : time) as UnixNano).slice(0, 10) // between 0 and `at`, which is in range
  })
}
