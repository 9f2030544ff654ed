import { useNavigate, useRouterState } from '@tanstack/react-router'
import type { Zone } from '../../time/zone.ts'

type ZoneOfAddress = {
  readonly zone: Zone
  /** Undefined is UTC. */
  readonly set: (zone: Zone) => void
}

/** In which zone the address says that times are shown, and the one way to change it: a link hands it on. */
export function useZoneOfAddress(): ZoneOfAddress {
  const navigate = useNavigate()
  const zone = useRouterState({ select: ({ matches: [root] }): Zone => root?.search.zone })
  return {
    zone,
    // Set to undefined and not left out: what is left out is kept.
    set: (next) =>
      void navigate({ to: '.', search: (before) => ({ ...before, zone: next }), replace: true, resetScroll: false }),
  }
}
